#include <fmt/format.h>

#include "services/lambda/event_source_mapping.h"
#include "services/lambda/operations.gen.h"
#include "services/lambda/service.h"

namespace millstream::lambda::ops {
namespace {

aws::Result<> check_source(const api::CreateEventSourceMappingRequest& input) {
  constexpr std::string_view kOnlyKinesis = "only Kinesis streams can be event sources yet";
  if (input.self_managed_event_source) {
    return aws::unsupported_parameter("SelfManagedEventSource", kOnlyKinesis);
  }
  if (input.topics) return aws::unsupported_parameter("Topics", kOnlyKinesis);
  if (input.queues) return aws::unsupported_parameter("Queues", kOnlyKinesis);
  if (input.tags && !input.tags->empty()) {
    return aws::unsupported_parameter("Tags", "a trigger's tags can't be read yet");
  }
  if (!input.event_source_arn) {
    return errors::invalid_parameter_value_exception("Unrecognized event source.");
  }
  if (input.event_source_arn->find(":kinesis:") == std::string::npos ||
      input.event_source_arn->find(":stream/") == std::string::npos) {
    return aws::unsupported_parameter("EventSourceArn", kOnlyKinesis);
  }
  if (input.event_source_arn->find("/consumer/") != std::string::npos) {
    return aws::unsupported_parameter("EventSourceArn", "stream consumers aren't built yet");
  }
  return {};
}

aws::Result<> check_position(const api::CreateEventSourceMappingRequest& input) {
  if (!input.starting_position) {
    return errors::invalid_parameter_value_exception(
        "1 validation error detected: Value null at 'startingPosition' failed to satisfy "
        "constraint: Member must not be null.");
  }
  const bool at_timestamp = *input.starting_position == "AT_TIMESTAMP";
  if (at_timestamp && !input.starting_position_timestamp) {
    return errors::invalid_parameter_value_exception(
        "StartingPositionTimestamp must be provided when StartingPosition is AT_TIMESTAMP");
  }
  if (!at_timestamp && input.starting_position_timestamp) {
    return errors::invalid_parameter_value_exception(
        "StartingPositionTimestamp can only be provided when StartingPosition is AT_TIMESTAMP");
  }
  return {};
}

// arn:aws:kinesis:<region>:<account>:stream/<name>
std::shared_ptr<const kinesis::Stream> find_stream(triggers::Engine& triggers,
                                                   const aws::RequestContext& context,
                                                   const std::string& arn) {
  const std::string name = arn.substr(arn.find(":stream/") + 8);
  auto stream = triggers.streams().find(context.account, context.region, name);
  if (stream && stream->arn() != arn) return nullptr;  // another account's or region's
  return stream;
}

triggers::Mapping new_mapping(const aws::RequestContext& context,
                              const api::CreateEventSourceMappingRequest& input,
                              TriggeredFunction function) {
  triggers::Mapping mapping;
  mapping.account = context.account;
  mapping.region = context.region;
  mapping.stream_arn = *input.event_source_arn;
  mapping.function_name = std::move(function.name);
  mapping.function_arn = std::move(function.arn);
  mapping.starting_position = *input.starting_position;
  if (input.starting_position_timestamp) {
    mapping.starting_timestamp_ms = input.starting_position_timestamp->ms;
  }
  mapping.batch_size = input.batch_size.value_or(mapping.batch_size);
  mapping.batching_window_s =
      input.maximum_batching_window_in_seconds.value_or(mapping.batching_window_s);
  mapping.retry_attempts_max = input.maximum_retry_attempts.value_or(mapping.retry_attempts_max);
  mapping.record_age_max_s = input.maximum_record_age_in_seconds.value_or(mapping.record_age_max_s);
  mapping.enabled = input.enabled.value_or(true);
  return mapping;
}

}  // namespace

io::Task<aws::Result<api::EventSourceMappingConfiguration>> create_event_source_mapping(
    Service& service, const aws::RequestContext& context,
    api::CreateEventSourceMappingRequest input) {
  triggers::Engine& triggers = service.triggers();
  aws::Result<> checked = check_source(input);
  if (checked) checked = check_position(input);
  if (checked) checked = refuse_unsupported_settings(input);
  if (!checked) co_return checked.take_error();
  auto function = find_new_triggered_function(service, context, input.function_name);
  if (!function) co_return function.take_error();
  auto stream = find_stream(triggers, context, *input.event_source_arn);
  if (!stream) {
    co_return errors::invalid_parameter_value_exception(
        fmt::format("Stream not found: {}", *input.event_source_arn));
  }
  triggers::Mapping mapping = new_mapping(context, input, function.take());
  checked = check_settings(mapping);
  if (!checked) co_return checked.take_error();

  auto changed = co_await triggers.create(context.home, std::move(mapping), std::move(stream));
  if (!changed) co_return aws::Error(changed.take_error());
  if (changed->conflict) co_return already_exists(*changed->conflict);
  co_return describe(*changed->mapping, "Creating", triggers::ProcessingResult::kNone);
}

}  // namespace millstream::lambda::ops
