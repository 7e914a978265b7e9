#include <algorithm>

#include "services/cloudformation/resources/policies.h"
#include "services/cloudformation/resources/registry.h"
#include "services/cloudformation/template/template.h"

namespace millstream::cloudformation {
namespace {

constexpr Property kProperties[] = {
    {.name = "PolicyName",
     .kind = PropertyKind::kText,
     .on_change = OnChange::kReplace,
     .required = true},
    {.name = "PolicyDocument", .kind = PropertyKind::kDocument, .required = true},
    {.name = "Roles", .kind = PropertyKind::kTextList}};
constexpr std::string_view kUnsupported[] = {"Groups", "Users"};
constexpr TypeDescription kDescription = {.name = "AWS::IAM::Policy",
                                          .schema = {kProperties, kUnsupported},
                                          .attributes = {},
                                          .name_property = "",
                                          .lives_in_others = true,
                                          .is_iam = true};

std::vector<std::string> roles(const Value& properties) {
  std::vector<std::string> names;
  if (const Value* list = properties.find("Roles")) {
    for (const Value& name : list->as_list()) names.push_back(name.as_string());
  }
  return names;
}

InlinePolicy policy(const Value& properties) {
  return {properties.find("PolicyName")->as_string(),
          policy_text(*properties.find("PolicyDocument"))};
}

// Takes the policy from every role of `names` that isn't in `kept`.
io::Task<aws::Result<>> take(ServiceCaller caller, std::string policy_name,
                             std::vector<std::string> names, std::vector<std::string> kept) {
  for (const std::string& role : names) {
    if (std::find(kept.begin(), kept.end(), role) != kept.end()) continue;
    auto deleted = co_await delete_role_policy(caller, role, policy_name);
    if (!deleted) co_return deleted.take_error();
  }
  co_return aws::Result<>();
}

// The policy is written into each of its roles. Its identifier is its name: the roles hold the
// rest.
class IamPolicy final : public ResourceType {
 public:
  [[nodiscard]] const TypeDescription& description() const override { return kDescription; }

  [[nodiscard]] Result<> check(const std::string& resource,
                               const Value& properties) const override {
    const Value* list = properties.find("Roles");
    if (list && (!list->is_list() || !list->as_list().empty())) return {};
    return template_error("Properties validation failed for resource " + resource +
                          " with message:\n#: at least one of [Groups, Roles, Users] must be "
                          "specified, of which Millstream supports Roles");
  }

  // Writing a policy again makes it the same one, so there is nothing to clash with.
  io::Task<aws::Result<std::optional<std::string>>> find(ServiceCaller, Value) const override {
    co_return std::optional<std::string>();
  }

  io::Task<aws::Result<PhysicalResource>> create(ServiceCaller caller, Value properties,
                                                 bool) const override {
    const std::vector<std::string> names = roles(properties);
    for (const std::string& role : names) {
      auto put = co_await put_role_policy(caller, role, policy(properties));
      if (!put) co_return put.take_error();
    }
    co_return PhysicalResource{policy(properties).name, std::move(properties), Value::map()};
  }

  io::Task<aws::Result<PhysicalResource>> update(ServiceCaller caller, PhysicalResource current,
                                                 Value properties) const override {
    auto made = co_await create(caller, properties, true);
    if (!made) co_return made.take_error();
    auto taken = co_await take(caller, current.id, roles(current.properties), roles(properties));
    if (!taken) co_return taken.take_error();
    co_return made.take();
  }

  io::Task<aws::Result<>> remove(ServiceCaller caller, PhysicalResource current) const override {
    const std::vector<std::string> none;
    const std::string name = policy(current.properties).name;
    auto taken = co_await take(caller, name, roles(current.properties), none);
    co_return taken;
  }
};

}  // namespace

std::unique_ptr<ResourceType> iam_policy() {
  return std::make_unique<IamPolicy>();
}

}  // namespace millstream::cloudformation
