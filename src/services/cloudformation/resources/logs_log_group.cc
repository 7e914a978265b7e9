#include "services/cloudformation/resources/registry.h"
#include "services/cloudformation/resources/tags.h"

namespace millstream::cloudformation {
namespace {

constexpr Property kProperties[] = {
    {.name = "LogGroupName", .kind = PropertyKind::kText, .on_change = OnChange::kReplace},
    {.name = "RetentionInDays", .kind = PropertyKind::kInteger},
    {.name = "Tags",
     .kind = PropertyKind::kObjectList,
     .on_change = OnChange::kRefuse,
     .members = kTagMembers}};
constexpr std::string_view kUnsupported[] = {"DataProtectionPolicy", "DeletionProtectionEnabled",
                                             "FieldIndexPolicies",   "KmsKeyId",
                                             "LogGroupClass",        "ResourcePolicyDocument"};
constexpr std::string_view kAttributes[] = {"Arn"};
constexpr TypeDescription kDescription = {.name = "AWS::Logs::LogGroup",
                                          .schema = {kProperties, kUnsupported},
                                          .attributes = kAttributes,
                                          .name_property = "LogGroupName",
                                          .name_length_max = 512};

Value group_name(const std::string& name) {
  Value input = Value::map();
  input.set("logGroupName", Value(name));
  return input;
}

// The group's description among those whose names begin with its name; null when it isn't there.
io::Task<aws::Result<Value>> describe(ServiceCaller caller, std::string name) {
  Value input = Value::map();
  input.set("logGroupNamePrefix", Value(name));
  auto answer = co_await caller.call("logs", "DescribeLogGroups", input);
  if (!answer) co_return answer.take_error();
  const Value* groups = answer->find("logGroups");
  if (!groups || !groups->is_list()) co_return Value();
  for (const Value& group : groups->as_list()) {
    if (text_at(group, {"logGroupName"}) == name) co_return group;
  }
  co_return Value();
}

io::Task<aws::Result<Value>> set_retention(ServiceCaller caller, std::string name,
                                           const Value* days) {
  Value input = group_name(name);
  if (days) input.set("retentionInDays", *days);
  auto done = co_await caller.call("logs", days ? "PutRetentionPolicy" : "DeleteRetentionPolicy",
                                   std::move(input));
  co_return done;
}

class LogGroup final : public ResourceType {
 public:
  [[nodiscard]] const TypeDescription& description() const override { return kDescription; }

  io::Task<aws::Result<std::optional<std::string>>> find(ServiceCaller caller,
                                                         Value properties) const override {
    const std::string name = properties.find("LogGroupName")->as_string();
    auto group = co_await describe(caller, name);
    if (!group) co_return group.take_error();
    if (group->is_null()) co_return std::optional<std::string>();
    co_return std::optional<std::string>(name);
  }

  io::Task<aws::Result<PhysicalResource>> create(ServiceCaller caller, Value properties,
                                                 bool resumed) const override {
    const std::string name = properties.find("LogGroupName")->as_string();
    Value input = group_name(name);
    if (const Value* tags = properties.find("Tags")) input.set("tags", tag_map(*tags));
    auto made = co_await caller.call("logs", "CreateLogGroup", std::move(input));
    if (!made && !(resumed && says_exists(made.error()))) co_return made.take_error();
    if (const Value* days = properties.find("RetentionInDays")) {
      auto kept = co_await set_retention(caller, name, days);
      if (!kept) co_return kept.take_error();
    }
    auto group = co_await describe(caller, name);
    if (!group) co_return group.take_error();
    PhysicalResource made_group{name, std::move(properties), Value::map()};
    made_group.attributes.set("Arn", Value(text_at(*group, {"arn"})));
    co_return made_group;
  }

  io::Task<aws::Result<PhysicalResource>> update(ServiceCaller caller, PhysicalResource current,
                                                 Value properties) const override {
    const Value* days = properties.find("RetentionInDays");
    auto kept = co_await set_retention(caller, current.id, days);
    if (!kept) co_return kept.take_error();
    current.properties = std::move(properties);
    co_return current;
  }

  io::Task<aws::Result<>> remove(ServiceCaller caller, PhysicalResource current) const override {
    auto deleted = co_await caller.call("logs", "DeleteLogGroup", group_name(current.id));
    if (!deleted && !says_absent(deleted.error())) co_return deleted.take_error();
    co_return aws::Result<>();
  }
};

}  // namespace

std::unique_ptr<ResourceType> logs_log_group() {
  return std::make_unique<LogGroup>();
}

}  // namespace millstream::cloudformation
