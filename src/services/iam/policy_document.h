#pragma once

#include <cstddef>
#include <string_view>

#include "aws/error.h"

namespace millstream::iam {

// Check a policy's grammar as IAM does when it takes one. They fail with MalformedPolicyDocument in
// IAM's words. Whether actions, resources and principals exist isn't looked at.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
aws::Result<> check_permissions_policy(std::string_view document);
aws::Result<> check_trust_policy(std::string_view document);

// The characters that IAM counts against its limits: all but white space.
size_t policy_size(std::string_view document);

}  // namespace millstream::iam
