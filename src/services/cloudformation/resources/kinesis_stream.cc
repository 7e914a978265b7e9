#include "services/cloudformation/resources/registry.h"
#include "services/cloudformation/resources/tags.h"
#include "services/cloudformation/template/template.h"

namespace millstream::cloudformation {
namespace {

constexpr Property kModeMembers[] = {
    {.name = "StreamMode", .kind = PropertyKind::kText, .required = true}};
constexpr Property kProperties[] = {
    {.name = "Name", .kind = PropertyKind::kText, .on_change = OnChange::kReplace},
    {.name = "ShardCount", .kind = PropertyKind::kInteger, .on_change = OnChange::kRefuse},
    {.name = "RetentionPeriodHours",
     .kind = PropertyKind::kInteger,
     .on_change = OnChange::kRefuse},
    {.name = "StreamModeDetails",
     .kind = PropertyKind::kObject,
     .on_change = OnChange::kRefuse,
     .members = kModeMembers},
    {.name = "Tags",
     .kind = PropertyKind::kObjectList,
     .on_change = OnChange::kRefuse,
     .members = kTagMembers}};
constexpr std::string_view kUnsupported[] = {"StreamEncryption", "DesiredShardLevelMetrics",
                                             "MaxRecordSizeInKiB", "WarmThroughputMiBps",
                                             "RecordDistributionStrategy"};
constexpr std::string_view kAttributes[] = {"Arn"};
constexpr TypeDescription kDescription = {.name = "AWS::Kinesis::Stream",
                                          .schema = {kProperties, kUnsupported},
                                          .attributes = kAttributes,
                                          .name_property = "Name",
                                          .name_length_max = 128};
constexpr long long kDefaultRetentionHours = 24;

Value stream_name(const std::string& name) {
  Value input = Value::map();
  input.set("StreamName", Value(name));
  return input;
}

Value create_input(const Value& properties) {
  Value input = pick(properties, {"ShardCount", "StreamModeDetails"});
  input.set("StreamName", *properties.find("Name"));
  if (const Value* tags = properties.find("Tags")) input.set("Tags", tag_map(*tags));
  return input;
}

class KinesisStream final : public ResourceType {
 public:
  [[nodiscard]] const TypeDescription& description() const override { return kDescription; }

  [[nodiscard]] Result<> check(const std::string& resource,
                               const Value& properties) const override {
    const Value* retention = properties.find("RetentionPeriodHours");
    if (!retention || retention->is_unknown() ||
        retention->as_integer() == kDefaultRetentionHours) {
      return {};
    }
    return template_error("Property RetentionPeriodHours of resource " + resource +
                          " (AWS::Kinesis::Stream) is not supported by Millstream yet with a value "
                          "other than 24. See docs/compatibility.md.");
  }

  io::Task<aws::Result<std::optional<std::string>>> find(ServiceCaller caller,
                                                         Value properties) const override {
    const std::string name = properties.find("Name")->as_string();
    auto summary = co_await caller.call("kinesis", "DescribeStreamSummary", stream_name(name));
    if (summary) co_return std::optional<std::string>(name);
    if (says_absent(summary.error())) co_return std::optional<std::string>();
    co_return summary.take_error();
  }

  io::Task<aws::Result<PhysicalResource>> create(ServiceCaller caller, Value properties,
                                                 bool resumed) const override {
    auto made = co_await caller.call("kinesis", "CreateStream", create_input(properties));
    if (!made && !(resumed && says_exists(made.error()))) co_return made.take_error();
    const std::string name = properties.find("Name")->as_string();
    for (int i = 0; i < kSettleAttemptsMax; ++i) {
      auto summary = co_await caller.call("kinesis", "DescribeStreamSummary", stream_name(name));
      if (!summary) co_return summary.take_error();
      if (text_at(*summary, {"StreamDescriptionSummary", "StreamStatus"}) == "ACTIVE") {
        PhysicalResource stream{name, std::move(properties), Value::map()};
        stream.attributes.set("Arn",
                              Value(text_at(*summary, {"StreamDescriptionSummary", "StreamARN"})));
        co_return stream;
      }
      co_await io::sleep_for(caller.context->home, kSettleIntervalUs);
    }
    co_return not_settled("Stream " + name);
  }

  // No property of a stream can be changed in place yet: the schema refuses or replaces.
  io::Task<aws::Result<PhysicalResource>> update(ServiceCaller, PhysicalResource current,
                                                 Value properties) const override {
    current.properties = std::move(properties);
    co_return current;
  }

  io::Task<aws::Result<>> remove(ServiceCaller caller, PhysicalResource current) const override {
    auto deleted = co_await caller.call("kinesis", "DeleteStream", stream_name(current.id));
    if (!deleted && !says_absent(deleted.error())) co_return deleted.take_error();
    for (int i = 0; i < kSettleAttemptsMax; ++i) {
      auto summary =
          co_await caller.call("kinesis", "DescribeStreamSummary", stream_name(current.id));
      if (!summary && says_absent(summary.error())) co_return aws::Result<>();
      if (!summary) co_return summary.take_error();
      co_await io::sleep_for(caller.context->home, kSettleIntervalUs);
    }
    co_return not_settled("Stream " + current.id);
  }
};

}  // namespace

std::unique_ptr<ResourceType> kinesis_stream() {
  return std::make_unique<KinesisStream>();
}

}  // namespace millstream::cloudformation
