#include <algorithm>

#include "services/cloudformation/resources/policies.h"
#include "services/cloudformation/resources/registry.h"
#include "services/cloudformation/resources/tags.h"

namespace millstream::cloudformation {
namespace {

constexpr Property kPolicyMembers[] = {
    {.name = "PolicyName", .kind = PropertyKind::kText, .required = true},
    {.name = "PolicyDocument", .kind = PropertyKind::kDocument, .required = true}};
constexpr Property kProperties[] = {
    {.name = "RoleName", .kind = PropertyKind::kText, .on_change = OnChange::kReplace},
    {.name = "AssumeRolePolicyDocument", .kind = PropertyKind::kDocument, .required = true},
    {.name = "Path", .kind = PropertyKind::kText, .on_change = OnChange::kReplace},
    {.name = "Description", .kind = PropertyKind::kText},
    {.name = "MaxSessionDuration", .kind = PropertyKind::kInteger},
    {.name = "Policies", .kind = PropertyKind::kObjectList, .members = kPolicyMembers},
    {.name = "ManagedPolicyArns", .kind = PropertyKind::kTextList},
    {.name = "Tags",
     .kind = PropertyKind::kObjectList,
     .on_change = OnChange::kRefuse,
     .members = kTagMembers}};
constexpr std::string_view kUnsupported[] = {"PermissionsBoundary"};
constexpr std::string_view kAttributes[] = {"Arn", "RoleId"};
constexpr TypeDescription kDescription = {.name = "AWS::IAM::Role",
                                          .schema = {kProperties, kUnsupported},
                                          .attributes = kAttributes,
                                          .name_property = "RoleName",
                                          .name_length_max = 64,
                                          .is_iam = true};

Value role_input(const std::string& name) {
  Value input = Value::map();
  input.set("RoleName", Value(name));
  return input;
}

Value create_input(const Value& properties) {
  Value input = pick(properties, {"RoleName", "Path", "Description", "MaxSessionDuration", "Tags"});
  input.set("AssumeRolePolicyDocument",
            Value(policy_text(*properties.find("AssumeRolePolicyDocument"))));
  return input;
}

std::vector<std::string> managed_arns(const Value& properties) {
  std::vector<std::string> arns;
  if (const Value* list = properties.find("ManagedPolicyArns")) {
    for (const Value& arn : list->as_list()) arns.push_back(arn.as_string());
  }
  return arns;
}

bool holds(const std::vector<std::string>& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

io::Task<aws::Result<>> attach(ServiceCaller caller, std::string role, std::string operation,
                               std::string arn) {
  Value input = role_input(role);
  input.set("PolicyArn", Value(arn));
  auto done = co_await caller.call("iam", operation, std::move(input));
  if (!done && !(operation == "DetachRolePolicy" && says_absent(done.error()))) {
    co_return done.take_error();
  }
  co_return aws::Result<>();
}

// Brings the role's inline and managed policies from `before` to `after`.
io::Task<aws::Result<>> set_policies(ServiceCaller caller, std::string role, Value before,
                                     Value after) {
  const std::vector<InlinePolicy> old_policies = inline_policies(before);
  const std::vector<InlinePolicy> new_policies = inline_policies(after);
  for (const InlinePolicy& policy : new_policies) {
    auto put = co_await put_role_policy(caller, role, policy);
    if (!put) co_return put.take_error();
  }
  for (const InlinePolicy& policy : old_policies) {
    const bool stays =
        std::any_of(new_policies.begin(), new_policies.end(),
                    [&policy](const auto& other) { return other.name == policy.name; });
    if (stays) continue;
    auto deleted = co_await delete_role_policy(caller, role, policy.name);
    if (!deleted) co_return deleted.take_error();
  }
  const std::vector<std::string> old_arns = managed_arns(before);
  const std::vector<std::string> new_arns = managed_arns(after);
  for (const std::string& arn : new_arns) {
    if (holds(old_arns, arn)) continue;
    auto attached = co_await attach(caller, role, "AttachRolePolicy", arn);
    if (!attached) co_return attached.take_error();
  }
  for (const std::string& arn : old_arns) {
    if (holds(new_arns, arn)) continue;
    auto detached = co_await attach(caller, role, "DetachRolePolicy", arn);
    if (!detached) co_return detached.take_error();
  }
  co_return aws::Result<>();
}

class IamRole final : public ResourceType {
 public:
  [[nodiscard]] const TypeDescription& description() const override { return kDescription; }

  io::Task<aws::Result<std::optional<std::string>>> find(ServiceCaller caller,
                                                         Value properties) const override {
    const std::string name = properties.find("RoleName")->as_string();
    auto role = co_await caller.call("iam", "GetRole", role_input(name));
    if (role) co_return std::optional<std::string>(name);
    if (says_absent(role.error())) co_return std::optional<std::string>();
    co_return role.take_error();
  }

  io::Task<aws::Result<PhysicalResource>> create(ServiceCaller caller, Value properties,
                                                 bool resumed) const override {
    const std::string name = properties.find("RoleName")->as_string();
    auto made = co_await caller.call("iam", "CreateRole", create_input(properties));
    if (!made && !(resumed && says_exists(made.error()))) co_return made.take_error();
    auto given = co_await set_policies(caller, name, Value::map(), properties);
    if (!given) co_return given.take_error();
    auto role = co_await caller.call("iam", "GetRole", role_input(name));
    if (!role) co_return role.take_error();
    PhysicalResource physical{name, std::move(properties), Value::map()};
    physical.attributes.set("Arn", Value(text_at(*role, {"Role", "Arn"})));
    physical.attributes.set("RoleId", Value(text_at(*role, {"Role", "RoleId"})));
    co_return physical;
  }

  io::Task<aws::Result<PhysicalResource>> update(ServiceCaller caller, PhysicalResource current,
                                                 Value properties) const override {
    const Value& trust = *properties.find("AssumeRolePolicyDocument");
    if (!(trust == *current.properties.find("AssumeRolePolicyDocument"))) {
      Value input = role_input(current.id);
      input.set("PolicyDocument", Value(policy_text(trust)));
      auto updated = co_await caller.call("iam", "UpdateAssumeRolePolicy", std::move(input));
      if (!updated) co_return updated.take_error();
    }
    Value settings = pick(properties, {"Description", "MaxSessionDuration"});
    if (!(settings == pick(current.properties, {"Description", "MaxSessionDuration"}))) {
      if (!settings.find("Description")) settings.set("Description", Value(""));
      settings.set("RoleName", Value(current.id));
      auto updated = co_await caller.call("iam", "UpdateRole", std::move(settings));
      if (!updated) co_return updated.take_error();
    }
    auto given = co_await set_policies(caller, current.id, current.properties, properties);
    if (!given) co_return given.take_error();
    current.properties = std::move(properties);
    co_return current;
  }

  io::Task<aws::Result<>> remove(ServiceCaller caller, PhysicalResource current) const override {
    auto taken = co_await set_policies(caller, current.id, current.properties, Value::map());
    if (!taken) co_return taken.take_error();
    auto deleted = co_await caller.call("iam", "DeleteRole", role_input(current.id));
    if (!deleted && !says_absent(deleted.error())) co_return deleted.take_error();
    co_return aws::Result<>();
  }
};

}  // namespace

std::unique_ptr<ResourceType> iam_role() {
  return std::make_unique<IamRole>();
}

}  // namespace millstream::cloudformation
