#include "services/cloudformation/answers.h"

#include <algorithm>

#include "services/cloudformation/template/json.h"

namespace millstream::cloudformation {
namespace {

std::optional<std::string> physical_id(const ResourceDocument& resource) {
  if (resource.current) return resource.current->id;
  if (resource.pending) return unless_empty(resource.pending->target.id);
  return std::nullopt;
}

std::vector<api::Output> to_outputs(const std::vector<StackOutput>& outputs) {
  std::vector<api::Output> list;
  for (const StackOutput& output : outputs) {
    list.push_back({.output_key = output.key,
                    .output_value = output.value,
                    .description = unless_empty(output.description),
                    .export_name = unless_empty(output.export_name)});
  }
  return list;
}

// What all answers tell of a resource.
template <class Answer>
Answer resource_answer(const ResourceDocument& resource) {
  Answer answer;
  answer.logical_resource_id = resource.name;
  answer.physical_resource_id = physical_id(resource);
  answer.resource_type = resource.type;
  answer.resource_status = resource.status;
  answer.resource_status_reason = unless_empty(resource.status_reason);
  answer.drift_information.emplace().stack_resource_drift_status = "NOT_CHECKED";
  return answer;
}

}  // namespace

std::optional<std::string> unless_empty(std::string text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<aws::Timestamp> unless_zero(int64_t ms) {
  if (ms == 0) return std::nullopt;
  return aws::Timestamp{ms};
}

std::vector<api::Parameter> to_parameters(const StackSettings& settings) {
  std::vector<api::Parameter> list;
  const std::vector<std::string>& hidden = settings.hidden_parameters;
  for (const auto& [name, text] : settings.parameters) {
    const bool is_hidden = std::find(hidden.begin(), hidden.end(), name) != hidden.end();
    list.push_back({.parameter_key = name, .parameter_value = is_hidden ? "****" : text});
  }
  return list;
}

std::vector<api::Tag> to_tag_list(const Tags& tags) {
  std::vector<api::Tag> list;
  for (const auto& [key, value] : tags) list.push_back({.key = key, .value = value});
  return list;
}

api::Stack to_stack(const StackDocument& stack) {
  api::Stack answer;
  answer.stack_id = stack_id(stack.address);
  answer.stack_name = stack.address.name;
  answer.change_set_id = unless_empty(stack.change_set_id);
  answer.description = unless_empty(stack.settings.description);
  if (!stack.settings.parameters.empty()) answer.parameters = to_parameters(stack.settings);
  answer.creation_time = aws::Timestamp{stack.creation_ms};
  answer.deletion_time = unless_zero(stack.deletion_ms);
  answer.last_updated_time = unless_zero(stack.last_updated_ms);
  answer.rollback_configuration = api::RollbackConfiguration{};
  answer.stack_status = stack.status;
  answer.stack_status_reason = unless_empty(stack.status_reason);
  answer.disable_rollback = stack.disable_rollback;
  answer.notification_arns.emplace();
  if (stack.timeout_minutes != 0) answer.timeout_in_minutes = stack.timeout_minutes;
  if (!stack.settings.capabilities.empty()) answer.capabilities = stack.settings.capabilities;
  if (!stack.outputs.empty()) answer.outputs = to_outputs(stack.outputs);
  answer.role_arn = unless_empty(stack.settings.role_arn);
  answer.tags = to_tag_list(stack.settings.tags);
  answer.enable_termination_protection = stack.termination_protection;
  answer.drift_information = api::StackDriftInformation{.stack_drift_status = "NOT_CHECKED"};
  return answer;
}

api::StackSummary to_stack_summary(const StackDocument& stack) {
  api::StackSummary answer;
  answer.stack_id = stack_id(stack.address);
  answer.stack_name = stack.address.name;
  answer.template_description = unless_empty(stack.settings.description);
  answer.creation_time = aws::Timestamp{stack.creation_ms};
  answer.deletion_time = unless_zero(stack.deletion_ms);
  answer.last_updated_time = unless_zero(stack.last_updated_ms);
  answer.stack_status = stack.status;
  answer.stack_status_reason = unless_empty(stack.status_reason);
  answer.drift_information = api::StackDriftInformationSummary{.stack_drift_status = "NOT_CHECKED"};
  return answer;
}

api::StackEvent to_event(const StackAddress& address, const EventDocument& event) {
  api::StackEvent answer;
  answer.stack_id = stack_id(address);
  answer.event_id = event.id;
  answer.stack_name = address.name;
  answer.operation_id = unless_empty(event.operation_id);
  answer.logical_resource_id = unless_empty(event.logical_id);
  answer.physical_resource_id = event.physical_id;
  answer.resource_type = unless_empty(event.type);
  answer.timestamp = aws::Timestamp{event.timestamp_ms};
  answer.resource_status = unless_empty(event.status);
  answer.resource_status_reason = unless_empty(event.status_reason);
  answer.resource_properties = unless_empty(event.properties);
  answer.client_request_token = unless_empty(event.client_token);
  return answer;
}

api::StackResource to_resource(const StackAddress& address, const ResourceDocument& resource) {
  auto answer = resource_answer<api::StackResource>(resource);
  answer.stack_name = address.name;
  answer.stack_id = stack_id(address);
  answer.timestamp = aws::Timestamp{resource.timestamp_ms};
  return answer;
}

api::StackResourceDetail to_resource_detail(const StackAddress& address,
                                            const ResourceDocument& resource) {
  auto answer = resource_answer<api::StackResourceDetail>(resource);
  answer.stack_name = address.name;
  answer.stack_id = stack_id(address);
  answer.last_updated_timestamp = aws::Timestamp{resource.timestamp_ms};
  answer.metadata = resource.metadata.is_null() ? "{}" : write_json(resource.metadata);
  return answer;
}

api::StackResourceSummary to_resource_summary(const ResourceDocument& resource) {
  auto answer = resource_answer<api::StackResourceSummary>(resource);
  answer.last_updated_timestamp = aws::Timestamp{resource.timestamp_ms};
  return answer;
}

}  // namespace millstream::cloudformation
