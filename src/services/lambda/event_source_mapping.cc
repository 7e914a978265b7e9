#include "services/lambda/event_source_mapping.h"

#include <fmt/format.h>

#include <utility>

#include "services/lambda/function_name.h"
#include "services/lambda/service.h"

namespace millstream::lambda {
namespace {

constexpr std::string_view kNotBuilt = "it isn't built yet";

}  // namespace

aws::Result<TriggeredFunction> find_triggered_function(Service& service,
                                                       const aws::RequestContext& context,
                                                       std::string_view name) {
  auto reference = read_function_name(context, name, std::nullopt);
  if (!reference) return reference.take_error();
  auto found = find_function(service, context, name);
  if (!found) return found.take_error();
  TriggeredFunction function{reference->address.name, reference->address.arn()};
  if (!reference->qualifier.empty()) function.arn.append(":").append(reference->qualifier);
  return function;
}

aws::Result<TriggeredFunction> find_new_triggered_function(Service& service,
                                                           const aws::RequestContext& context,
                                                           std::string_view name) {
  auto function = find_triggered_function(service, context, name);
  if (function || function.error().type != "ResourceNotFoundException") return function;
  return errors::invalid_parameter_value_exception("Function does not exist");
}

template <class Request>
aws::Result<> refuse_unsupported_settings(const Request& request) {
  const std::pair<const char*, bool> settings[] = {
      {"FilterCriteria", request.filter_criteria && request.filter_criteria->filters &&
                             !request.filter_criteria->filters->empty()},
      {"KMSKeyArn", request.kms_key_arn && !request.kms_key_arn->empty()},
      {"MetricsConfig", request.metrics_config && request.metrics_config->metrics &&
                            !request.metrics_config->metrics->empty()},
      {"LoggingConfig", request.logging_config.has_value()},
      {"ScalingConfig", request.scaling_config.has_value()},
      {"ParallelizationFactor", request.parallelization_factor.value_or(1) != 1},
      {"DestinationConfig",
       request.destination_config &&
           (request.destination_config->on_success ||
            (request.destination_config->on_failure &&
             request.destination_config->on_failure->destination.value_or("") != ""))},
      {"BisectBatchOnFunctionError", request.bisect_batch_on_function_error.value_or(false)},
      {"TumblingWindowInSeconds", request.tumbling_window_in_seconds.value_or(0) != 0},
      {"FunctionResponseTypes",
       request.function_response_types && !request.function_response_types->empty()},
      {"SourceAccessConfigurations",
       request.source_access_configurations && !request.source_access_configurations->empty()},
      {"AmazonManagedKafkaEventSourceConfig",
       request.amazon_managed_kafka_event_source_config.has_value()},
      {"SelfManagedKafkaEventSourceConfig",
       request.self_managed_kafka_event_source_config.has_value()},
      {"DocumentDBEventSourceConfig", request.document_db_event_source_config.has_value()},
      {"ProvisionedPollerConfig", request.provisioned_poller_config.has_value()},
  };
  for (const auto& [name, asked] : settings) {
    if (asked) return aws::unsupported_parameter(name, kNotBuilt);
  }
  return {};
}

template aws::Result<> refuse_unsupported_settings(const api::CreateEventSourceMappingRequest&);
template aws::Result<> refuse_unsupported_settings(const api::UpdateEventSourceMappingRequest&);

aws::Result<> check_settings(const triggers::Mapping& mapping) {
  constexpr int32_t kRecordAgeMinSeconds = 60;
  if (mapping.record_age_max_s != -1 && mapping.record_age_max_s < kRecordAgeMinSeconds) {
    return errors::invalid_parameter_value_exception(fmt::format(
        "Maximum record age in seconds must be -1 or between {} and 604800", kRecordAgeMinSeconds));
  }
  return {};
}

api::EventSourceMappingConfiguration describe(const triggers::Mapping& mapping, std::string state,
                                              triggers::ProcessingResult last_result) {
  api::EventSourceMappingConfiguration output;
  output.uuid = mapping.uuid;
  output.event_source_mapping_arn = fmt::format("arn:aws:lambda:{}:{}:event-source-mapping:{}",
                                                mapping.region, mapping.account, mapping.uuid);
  output.event_source_arn = mapping.stream_arn;
  output.function_arn = mapping.function_arn;
  output.starting_position = mapping.starting_position;
  if (mapping.starting_timestamp_ms) {
    output.starting_position_timestamp = aws::Timestamp{*mapping.starting_timestamp_ms};
  }
  output.batch_size = mapping.batch_size;
  output.maximum_batching_window_in_seconds = mapping.batching_window_s;
  output.maximum_retry_attempts = mapping.retry_attempts_max;
  output.maximum_record_age_in_seconds = mapping.record_age_max_s;
  output.parallelization_factor = 1;
  output.bisect_batch_on_function_error = false;
  output.tumbling_window_in_seconds = 0;
  output.destination_config.emplace().on_failure.emplace();
  output.function_response_types.emplace();
  output.last_modified = aws::Timestamp{mapping.modified_ms};
  output.last_processing_result = triggers::processing_result_text(last_result);
  output.state = std::move(state);
  output.state_transition_reason = "User action";
  return output;
}

api::EventSourceMappingConfiguration describe(const triggers::ActiveMapping& mapping) {
  return describe(*mapping.mapping(), mapping.state(), mapping.last_result());
}

aws::Error already_exists(const triggers::Mapping& mapping) {
  return errors::resource_conflict_exception(fmt::format(
      "The event source arn (\" {} \") and function (\" {} \") provided mapping already "
      "exists. Please update or delete the existing mapping with UUID {}",
      mapping.stream_arn, mapping.function_name, mapping.uuid));
}

aws::Error no_such_mapping() {
  return errors::resource_not_found_exception("The resource you requested does not exist.");
}

}  // namespace millstream::lambda
