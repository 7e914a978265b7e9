#include "services/cloudformation/resources/policies.h"

#include "services/cloudformation/template/json.h"

namespace millstream::cloudformation {

std::vector<InlinePolicy> inline_policies(const Value& properties) {
  std::vector<InlinePolicy> policies;
  if (const Value* list = properties.find("Policies")) {
    for (const Value& policy : list->as_list()) {
      policies.push_back(
          {policy.find("PolicyName")->as_string(), policy_text(*policy.find("PolicyDocument"))});
    }
  }
  return policies;
}

std::string policy_text(const Value& document) {
  return document.is_string() ? document.as_string() : write_json(document);
}

io::Task<aws::Result<>> put_role_policy(ServiceCaller caller, std::string role,
                                        InlinePolicy policy) {
  Value input = Value::map();
  input.set("RoleName", Value(role));
  input.set("PolicyName", Value(policy.name));
  input.set("PolicyDocument", Value(policy.document));
  auto put = co_await caller.call("iam", "PutRolePolicy", std::move(input));
  if (!put) co_return put.take_error();
  co_return aws::Result<>();
}

io::Task<aws::Result<>> delete_role_policy(ServiceCaller caller, std::string role,
                                           std::string name) {
  Value input = Value::map();
  input.set("RoleName", Value(role));
  input.set("PolicyName", Value(name));
  auto deleted = co_await caller.call("iam", "DeleteRolePolicy", std::move(input));
  if (!deleted && !says_absent(deleted.error())) co_return deleted.take_error();
  co_return aws::Result<>();
}

}  // namespace millstream::cloudformation
