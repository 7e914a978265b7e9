#include "services/cloudformation/change_sets.h"
#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/operations.h"

namespace millstream::cloudformation::ops {
namespace {

// The change set's wishes as a request, to be worked out again against the stack as it is now.
DeployRequest as_request(const ChangeSetDocument& change_set) {
  DeployRequest request;
  request.template_body = change_set.template_body;
  for (const auto& [name, text] : change_set.settings.parameters) {
    request.parameters.push_back({.parameter_key = name, .parameter_value = text});
  }
  request.capabilities = change_set.settings.capabilities;
  request.tags = change_set.settings.tags;
  request.role_arn = change_set.settings.role_arn;
  return request;
}

}  // namespace

io::Task<aws::Result<api::ExecuteChangeSetOutput>> execute_change_set(
    Service& service, const aws::RequestContext& context, api::ExecuteChangeSetInput input) {
  if (input.retain_except_on_create.value_or(false)) {
    co_return unsupported("RetainExceptOnCreate", "");
  }
  auto found = co_await find_change_set(service, context, input.change_set_name, input.stack_name);
  if (!found) co_return found.take_error();
  const ChangeSetDocument& change_set = found->change_set;
  if (change_set.status != "CREATE_COMPLETE" || change_set.execution_status != "AVAILABLE") {
    const std::string status = change_set.status != "CREATE_COMPLETE"
                                   ? change_set.status
                                   : execution_status(found->stack, change_set);
    co_return errors::invalid_change_set_status_exception(
        "ChangeSet [" + id_of(*found) + "] cannot be executed in its current status of [" + status +
        "]");
  }
  const bool is_create = change_set.type == "CREATE";
  const StackAddress address = found->stack.address;
  auto deployment = co_await prepare(service, context, as_request(change_set), address,
                                     is_create ? nullptr : &found->stack);
  if (!deployment) co_return deployment.take_error();
  OperationOptions options;
  options.client_token = input.client_request_token.value_or("");
  options.disable_rollback =
      input.disable_rollback.value_or(false) || change_set.on_stack_failure == "DO_NOTHING";
  options.delete_on_failure = change_set.on_stack_failure == "DELETE";
  const std::string id = id_of(*found);
  if (is_create) {
    auto begun =
        co_await begin_create(service, context, address, deployment.take(), std::move(options), id);
    if (!begun) co_return begun.take_error();
  } else {
    auto begun = co_await begin_update(service, context, std::move(found->stack), deployment.take(),
                                       std::move(options), id);
    if (!begun) co_return begun.take_error();
  }
  co_return api::ExecuteChangeSetOutput();
}

}  // namespace millstream::cloudformation::ops
