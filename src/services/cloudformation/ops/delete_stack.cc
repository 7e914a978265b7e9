#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/operations.h"

namespace millstream::cloudformation::ops {
namespace {

aws::Result<> check_can_delete(const StackDocument& stack, const api::DeleteStackInput& input) {
  if (stack.termination_protection) {
    return validation("Stack [" + stack.address.name +
                      "] cannot be deleted while TerminationProtection is enabled");
  }
  if (stack.status.starts_with("UPDATE_") && is_busy(stack.status)) {
    return validation("Stack [" + stack_id(stack.address) + "] cannot be deleted while in status " +
                      stack.status);
  }
  if (input.retain_resources && !input.retain_resources->empty() &&
      stack.status != "DELETE_FAILED") {
    return validation("Invalid operation on stack [" + stack_id(stack.address) +
                      "]. RetainResources can only be specified for a stack in DELETE_FAILED "
                      "state.");
  }
  return {};
}

aws::Result<> erase_change_sets(lanes::Transaction& transaction, const StackAddress& address) {
  std::vector<std::string> keys;
  const std::string prefix = change_sets_prefix(address);
  auto scanned = transaction.scan(prefix, lanes::prefix_end(prefix),
                                  [&keys](std::string_view key, std::string_view) {
                                    keys.emplace_back(key);
                                    return true;
                                  });
  if (!scanned) return aws::Error(scanned.take_error());
  for (const std::string& key : keys) transaction.erase(key);
  return {};
}

// Stores that the stack is being deleted; whether there is anything to do.
io::Task<aws::Result<bool>> begin_delete(Service& service, const aws::RequestContext& context,
                                         StackAddress address, api::DeleteStackInput input) {
  const std::string operation_id = service.random().uuid();
  const std::string event_id = service.random().uuid();
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<bool> {
    auto stored = load_stack(transaction, address);
    if (!stored) return aws::Error(stored.take_error());
    if (!*stored || (*stored)->deletion_ms != 0) return false;
    StackDocument& stack = **stored;
    if (auto ok = check_can_delete(stack, input); !ok) return ok.take_error();
    if (stack.status == "DELETE_IN_PROGRESS") return false;
    if (auto ok = erase_change_sets(transaction, address); !ok) return ok.take_error();
    stack.status = "DELETE_IN_PROGRESS";
    stack.status_reason = "User Initiated";
    if (input.role_arn) stack.settings.role_arn = *input.role_arn;
    Operation operation;
    operation.id = operation_id;
    operation.kind = "delete";
    operation.client_token = input.client_request_token.value_or("");
    operation.principal_arn = acting_principal(stack.settings, context);
    if (input.retain_resources) operation.retain_resources = *input.retain_resources;
    stack.operation = std::move(operation);
    store_stack(transaction, stack, {stack_event_now(stack, event_id, transaction.now_ms())});
    return true;
  };
  auto begun =
      co_await service.store().lanes().run(context.home, service.store().lane_of(address), body);
  co_return begun;
}

}  // namespace

// A stack that isn't there is a success.
io::Task<aws::Result<aws::Empty>> delete_stack(Service& service, const aws::RequestContext& context,
                                               api::DeleteStackInput input) {
  if (input.deployment_config) co_return unsupported("DeploymentConfig", "");
  if (input.deletion_mode.value_or("STANDARD") != "STANDARD") {
    co_return unsupported("DeletionMode", "only STANDARD is built");
  }
  auto stack = co_await find_stack(service, context, input.stack_name, AbsentStack::kWithId);
  if (!stack && stack.error().type == "ValidationError") co_return aws::Empty();
  if (!stack) co_return stack.take_error();
  const StackAddress address = stack->address;
  std::vector<std::string> names;
  for (const StackOutput& output : stack->outputs) {
    if (!output.export_name.empty()) names.push_back(output.export_name);
  }
  auto unused = co_await check_exports_unused(service, context, address, std::move(names));
  if (!unused) co_return unused.take_error();
  auto begun = co_await begin_delete(service, context, address, std::move(input));
  if (!begun) co_return begun.take_error();
  if (*begun) co_await start_and_settle(service, context, address);
  co_return aws::Empty();
}

}  // namespace millstream::cloudformation::ops
