#pragma once

#include <string>
#include <vector>

#include "services/cloudformation/resources/type.h"

namespace millstream::cloudformation {

// A policy written into a role.
struct InlinePolicy {
  std::string name;
  std::string document;  // JSON
};

// The Policies of a role's properties.
std::vector<InlinePolicy> inline_policies(const Value& properties);

// A policy document as IAM's API wants it: JSON text. A document that is a text already stays so.
std::string policy_text(const Value& document);

io::Task<aws::Result<>> put_role_policy(ServiceCaller caller, std::string role,
                                        InlinePolicy policy);
// A policy that isn't there is a success.
io::Task<aws::Result<>> delete_role_policy(ServiceCaller caller, std::string role,
                                           std::string name);

}  // namespace millstream::cloudformation
