#include "services/cloudformation/answers.h"
#include "services/cloudformation/change_sets.h"
#include "services/cloudformation/operations.gen.h"

namespace millstream::cloudformation::ops {

// All changes come in one answer: a stack has at most 500 resources.
io::Task<aws::Result<api::DescribeChangeSetOutput>> describe_change_set(
    Service& service, const aws::RequestContext& context, api::DescribeChangeSetInput input) {
  if (input.next_token) co_return validation("NextToken " + *input.next_token + " isn't valid");
  if (input.include_property_values.value_or(false)) {
    co_return unsupported("IncludePropertyValues", "");
  }
  auto found = co_await find_change_set(service, context, input.change_set_name, input.stack_name);
  if (!found) co_return found.take_error();
  const ChangeSetDocument& change_set = found->change_set;
  api::DescribeChangeSetOutput output;
  output.change_set_name = change_set.name;
  output.change_set_id = id_of(*found);
  output.stack_id = stack_id(found->stack.address);
  output.stack_name = found->stack.address.name;
  output.description = unless_empty(change_set.description);
  if (!change_set.settings.parameters.empty()) {
    output.parameters = to_parameters(change_set.settings);
  }
  output.creation_time = aws::Timestamp{change_set.creation_ms};
  output.execution_status = execution_status(found->stack, change_set);
  output.status = change_set.status;
  output.status_reason = unless_empty(change_set.status_reason);
  output.notification_arns.emplace();
  output.rollback_configuration = api::RollbackConfiguration{};
  output.capabilities = change_set.settings.capabilities;
  output.tags = to_tag_list(change_set.settings.tags);
  output.changes = to_changes(change_set.changes);
  output.include_nested_stacks = false;
  output.on_stack_failure = unless_empty(change_set.on_stack_failure);
  co_return output;
}

}  // namespace millstream::cloudformation::ops
