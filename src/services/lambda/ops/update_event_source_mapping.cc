#include "services/lambda/event_source_mapping.h"
#include "services/lambda/operations.gen.h"
#include "services/lambda/service.h"

namespace millstream::lambda::ops {
namespace {

void apply(const api::UpdateEventSourceMappingRequest& input,
           const std::optional<TriggeredFunction>& function, triggers::Mapping* mapping) {
  if (function) {
    mapping->function_name = function->name;
    mapping->function_arn = function->arn;
  }
  if (input.enabled) mapping->enabled = *input.enabled;
  if (input.batch_size) mapping->batch_size = *input.batch_size;
  if (input.maximum_batching_window_in_seconds) {
    mapping->batching_window_s = *input.maximum_batching_window_in_seconds;
  }
  if (input.maximum_retry_attempts) mapping->retry_attempts_max = *input.maximum_retry_attempts;
  if (input.maximum_record_age_in_seconds) {
    mapping->record_age_max_s = *input.maximum_record_age_in_seconds;
  }
}

std::string state_after(bool was_enabled, bool is_enabled) {
  if (was_enabled == is_enabled) return "Updating";
  return is_enabled ? "Enabling" : "Disabling";
}

}  // namespace

io::Task<aws::Result<api::EventSourceMappingConfiguration>> update_event_source_mapping(
    Service& service, const aws::RequestContext& context,
    api::UpdateEventSourceMappingRequest input) {
  triggers::Engine& triggers = service.triggers();
  aws::Result<> checked = refuse_unsupported_settings(input);
  if (!checked) co_return checked.take_error();
  const auto active = triggers.find(context.account, context.region, input.uuid);
  if (!active) co_return no_such_mapping();
  std::optional<TriggeredFunction> function;
  if (input.function_name) {
    auto found = find_new_triggered_function(service, context, *input.function_name);
    if (!found) co_return found.take_error();
    function = found.take();
  }
  triggers::Mapping proposed = *active->mapping();
  const bool was_enabled = proposed.enabled;
  apply(input, function, &proposed);
  checked = check_settings(proposed);
  if (!checked) co_return checked.take_error();

  const auto change = [&](triggers::Mapping& mapping) { apply(input, function, &mapping); };
  auto changed =
      co_await triggers.update(context.home, context.account, context.region, input.uuid, change);
  if (!changed) co_return aws::Error(changed.take_error());
  if (changed->conflict) co_return already_exists(*changed->conflict);
  if (!changed->mapping) co_return no_such_mapping();
  co_return describe(*changed->mapping, state_after(was_enabled, changed->mapping->enabled),
                     active->last_result());
}

}  // namespace millstream::lambda::ops
