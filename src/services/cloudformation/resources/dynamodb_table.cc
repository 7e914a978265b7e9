#include "services/cloudformation/resources/registry.h"

namespace millstream::cloudformation {
namespace {

constexpr Property kAttributeMembers[] = {
    {.name = "AttributeName", .kind = PropertyKind::kText, .required = true},
    {.name = "AttributeType", .kind = PropertyKind::kText, .required = true}};
constexpr Property kKeyMembers[] = {
    {.name = "AttributeName", .kind = PropertyKind::kText, .required = true},
    {.name = "KeyType", .kind = PropertyKind::kText, .required = true}};
constexpr Property kThroughputMembers[] = {
    {.name = "ReadCapacityUnits", .kind = PropertyKind::kInteger, .required = true},
    {.name = "WriteCapacityUnits", .kind = PropertyKind::kInteger, .required = true}};
constexpr Property kProperties[] = {
    {.name = "TableName", .kind = PropertyKind::kText, .on_change = OnChange::kReplace},
    {.name = "AttributeDefinitions",
     .kind = PropertyKind::kObjectList,
     .on_change = OnChange::kReplace,
     .members = kAttributeMembers},
    {.name = "KeySchema",
     .kind = PropertyKind::kObjectList,
     .on_change = OnChange::kReplace,
     .required = true,
     .members = kKeyMembers},
    {.name = "BillingMode", .kind = PropertyKind::kText, .on_change = OnChange::kRefuse},
    {.name = "ProvisionedThroughput",
     .kind = PropertyKind::kObject,
     .on_change = OnChange::kRefuse,
     .members = kThroughputMembers}};
constexpr std::string_view kUnsupported[] = {"ContributorInsightsSpecification",
                                             "DeletionProtectionEnabled",
                                             "GlobalSecondaryIndexes",
                                             "ImportSourceSpecification",
                                             "KinesisStreamSpecification",
                                             "LocalSecondaryIndexes",
                                             "OnDemandThroughput",
                                             "PointInTimeRecoverySpecification",
                                             "ResourcePolicy",
                                             "SSESpecification",
                                             "StreamSpecification",
                                             "TableClass",
                                             "Tags",
                                             "TimeToLiveSpecification",
                                             "WarmThroughput"};
constexpr std::string_view kAttributes[] = {"Arn"};
constexpr TypeDescription kDescription = {.name = "AWS::DynamoDB::Table",
                                          .schema = {kProperties, kUnsupported},
                                          .attributes = kAttributes,
                                          .name_property = "TableName",
                                          .name_length_max = 255};

Value table_name(const std::string& name) {
  Value input = Value::map();
  input.set("TableName", Value(name));
  return input;
}

class DynamodbTable final : public ResourceType {
 public:
  [[nodiscard]] const TypeDescription& description() const override { return kDescription; }

  io::Task<aws::Result<std::optional<std::string>>> find(ServiceCaller caller,
                                                         Value properties) const override {
    const std::string name = properties.find("TableName")->as_string();
    auto table = co_await caller.call("dynamodb", "DescribeTable", table_name(name));
    if (table) co_return std::optional<std::string>(name);
    if (says_absent(table.error())) co_return std::optional<std::string>();
    co_return table.take_error();
  }

  io::Task<aws::Result<PhysicalResource>> create(ServiceCaller caller, Value properties,
                                                 bool resumed) const override {
    auto made = co_await caller.call("dynamodb", "CreateTable", properties);
    if (!made && !(resumed && says_exists(made.error()))) co_return made.take_error();
    const std::string name = properties.find("TableName")->as_string();
    for (int i = 0; i < kSettleAttemptsMax; ++i) {
      auto answer = co_await caller.call("dynamodb", "DescribeTable", table_name(name));
      if (!answer) co_return answer.take_error();
      if (text_at(*answer, {"Table", "TableStatus"}) == "ACTIVE") {
        PhysicalResource table{name, std::move(properties), Value::map()};
        table.attributes.set("Arn", Value(text_at(*answer, {"Table", "TableArn"})));
        co_return table;
      }
      co_await io::sleep_for(caller.context->home, kSettleIntervalUs);
    }
    co_return not_settled("Table " + name);
  }

  // No property of a table can be changed in place yet: the schema refuses or replaces.
  io::Task<aws::Result<PhysicalResource>> update(ServiceCaller, PhysicalResource current,
                                                 Value properties) const override {
    current.properties = std::move(properties);
    co_return current;
  }

  io::Task<aws::Result<>> remove(ServiceCaller caller, PhysicalResource current) const override {
    auto deleted = co_await caller.call("dynamodb", "DeleteTable", table_name(current.id));
    if (!deleted && !says_absent(deleted.error())) co_return deleted.take_error();
    for (int i = 0; i < kSettleAttemptsMax; ++i) {
      auto table = co_await caller.call("dynamodb", "DescribeTable", table_name(current.id));
      if (!table && says_absent(table.error())) co_return aws::Result<>();
      if (!table) co_return table.take_error();
      co_await io::sleep_for(caller.context->home, kSettleIntervalUs);
    }
    co_return not_settled("Table " + current.id);
  }
};

}  // namespace

std::unique_ptr<ResourceType> dynamodb_table() {
  return std::make_unique<DynamodbTable>();
}

}  // namespace millstream::cloudformation
