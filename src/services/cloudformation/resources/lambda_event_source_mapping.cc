#include "services/cloudformation/resources/registry.h"

namespace millstream::cloudformation {
namespace {

constexpr Property kProperties[] = {
    {.name = "EventSourceArn",
     .kind = PropertyKind::kText,
     .on_change = OnChange::kReplace,
     .required = true},
    {.name = "FunctionName", .kind = PropertyKind::kText, .required = true},
    {.name = "StartingPosition", .kind = PropertyKind::kText, .on_change = OnChange::kReplace},
    {.name = "StartingPositionTimestamp",
     .kind = PropertyKind::kInteger,
     .on_change = OnChange::kReplace},
    {.name = "BatchSize", .kind = PropertyKind::kInteger},
    {.name = "Enabled", .kind = PropertyKind::kBoolean},
    {.name = "MaximumBatchingWindowInSeconds", .kind = PropertyKind::kInteger},
    {.name = "MaximumRecordAgeInSeconds", .kind = PropertyKind::kInteger},
    {.name = "MaximumRetryAttempts", .kind = PropertyKind::kInteger}};
constexpr std::string_view kUnsupported[] = {"AmazonManagedKafkaEventSourceConfig",
                                             "BisectBatchOnFunctionError",
                                             "DestinationConfig",
                                             "DocumentDBEventSourceConfig",
                                             "FilterCriteria",
                                             "FunctionResponseTypes",
                                             "KmsKeyArn",
                                             "LoggingConfig",
                                             "MetricsConfig",
                                             "ParallelizationFactor",
                                             "ProvisionedPollerConfig",
                                             "Queues",
                                             "ScalingConfig",
                                             "SelfManagedEventSource",
                                             "SelfManagedKafkaEventSourceConfig",
                                             "SourceAccessConfigurations",
                                             "Tags",
                                             "Topics",
                                             "TumblingWindowInSeconds"};
constexpr std::string_view kAttributes[] = {"Id", "EventSourceMappingArn"};
constexpr TypeDescription kDescription = {.name = "AWS::Lambda::EventSourceMapping",
                                          .schema = {kProperties, kUnsupported},
                                          .attributes = kAttributes,
                                          .name_property = ""};

Value mapping_id(const std::string& id) {
  Value input = Value::map();
  input.set("UUID", Value(id));
  return input;
}

bool is_busy(const std::string& state) {
  return state == "Creating" || state == "Enabling" || state == "Disabling" ||
         state == "Updating" || state == "Deleting";
}

// Waits until nothing is under way with the mapping; gives its description.
io::Task<aws::Result<Value>> settle(ServiceCaller caller, std::string id) {
  for (int i = 0; i < kSettleAttemptsMax; ++i) {
    auto mapping = co_await caller.call("lambda", "GetEventSourceMapping", mapping_id(id));
    if (!mapping) co_return mapping.take_error();
    if (!is_busy(text_at(*mapping, {"State"}))) co_return mapping.take();
    co_await io::sleep_for(caller.context->home, kSettleIntervalUs);
  }
  co_return not_settled("Event source mapping " + id);
}

// What an update sets; what a template leaves out gets Lambda's default, so that an update takes it
// back.
Value update_input(const std::string& id, const Value& properties) {
  Value input =
      pick(properties, {"FunctionName", "BatchSize", "Enabled", "MaximumBatchingWindowInSeconds",
                        "MaximumRecordAgeInSeconds", "MaximumRetryAttempts"});
  input.set("UUID", Value(id));
  if (!input.find("BatchSize")) input.set("BatchSize", Value::integer(100));
  if (!input.find("Enabled")) input.set("Enabled", Value::boolean(true));
  for (const std::string_view name : {"MaximumRecordAgeInSeconds", "MaximumRetryAttempts"}) {
    if (!input.find(name)) input.set(name, Value::integer(-1));
  }
  if (!input.find("MaximumBatchingWindowInSeconds")) {
    input.set("MaximumBatchingWindowInSeconds", Value::integer(0));
  }
  return input;
}

class EventSourceMapping final : public ResourceType {
 public:
  [[nodiscard]] const TypeDescription& description() const override { return kDescription; }

  // There is one mapping between a source and a function.
  io::Task<aws::Result<std::optional<std::string>>> find(ServiceCaller caller,
                                                         Value properties) const override {
    Value pair = pick(properties, {"EventSourceArn", "FunctionName"});
    auto answer = co_await caller.call("lambda", "ListEventSourceMappings", std::move(pair));
    if (!answer && says_absent(answer.error())) co_return std::optional<std::string>();
    if (!answer) co_return answer.take_error();
    const Value* mappings = answer->find("EventSourceMappings");
    if (!mappings || !mappings->is_list() || mappings->as_list().empty()) {
      co_return std::optional<std::string>();
    }
    co_return std::optional<std::string>(text_at(mappings->as_list().front(), {"UUID"}));
  }

  io::Task<aws::Result<PhysicalResource>> create(ServiceCaller caller, Value properties,
                                                 bool resumed) const override {
    std::optional<std::string> id;
    if (resumed) {
      auto found = co_await find(caller, properties);
      if (!found) co_return found.take_error();
      id = *found;
    }
    if (!id) {
      auto made = co_await caller.call("lambda", "CreateEventSourceMapping", properties);
      if (!made) co_return made.take_error();
      id = text_at(*made, {"UUID"});
    }
    auto settled = co_await settle(caller, *id);
    if (!settled) co_return settled.take_error();
    PhysicalResource mapping{*id, std::move(properties), Value::map()};
    mapping.attributes.set("Id", Value(*id));
    mapping.attributes.set("EventSourceMappingArn",
                           Value(text_at(*settled, {"EventSourceMappingArn"})));
    co_return mapping;
  }

  io::Task<aws::Result<PhysicalResource>> update(ServiceCaller caller, PhysicalResource current,
                                                 Value properties) const override {
    auto updated = co_await caller.call("lambda", "UpdateEventSourceMapping",
                                        update_input(current.id, properties));
    if (!updated) co_return updated.take_error();
    auto settled = co_await settle(caller, current.id);
    if (!settled) co_return settled.take_error();
    current.properties = std::move(properties);
    co_return current;
  }

  io::Task<aws::Result<>> remove(ServiceCaller caller, PhysicalResource current) const override {
    auto deleted =
        co_await caller.call("lambda", "DeleteEventSourceMapping", mapping_id(current.id));
    if (!deleted && !says_absent(deleted.error())) co_return deleted.take_error();
    for (int i = 0; i < kSettleAttemptsMax; ++i) {
      auto mapping =
          co_await caller.call("lambda", "GetEventSourceMapping", mapping_id(current.id));
      if (!mapping && says_absent(mapping.error())) co_return aws::Result<>();
      if (!mapping) co_return mapping.take_error();
      co_await io::sleep_for(caller.context->home, kSettleIntervalUs);
    }
    co_return not_settled("Event source mapping " + current.id);
  }
};

}  // namespace

std::unique_ptr<ResourceType> lambda_event_source_mapping() {
  return std::make_unique<EventSourceMapping>();
}

}  // namespace millstream::cloudformation
