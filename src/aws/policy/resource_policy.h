#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/policy/syntax.h"

namespace millstream::aws::policy {

// Who wants to do what with which resource.
struct Question {
  std::string_view account;        // of the caller, twelve digits
  std::string_view principal_arn;  // the caller; an assumed role's session stands for the role too
  std::string_view action;         // "kinesis:PutRecord"
  std::string_view resource;       // its ARN
};

enum class Decision { kAllowed, kDenied, kNotMentioned };

// What a resource's policy says to it: a statement that denies counts more than all that allow.
// Names match as in IAM: * and ? stand for characters, actions whatever their case. Statements with
// a Condition never match; complaint_about_resource_policy tells of them. Pure.
Decision decide(const PolicySyntax& policy, const Question& question);

// What makes the text no policy that can be attached to a resource, in words; nothing if it is one.
std::optional<std::string> complaint_about_resource_policy(std::string_view text);

}  // namespace millstream::aws::policy
