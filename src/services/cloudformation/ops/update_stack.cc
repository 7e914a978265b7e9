#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/operations.h"

namespace millstream::cloudformation::ops {
namespace {

aws::Result<> check_supported(const api::UpdateStackInput& input) {
  if (input.stack_policy_body) return unsupported("StackPolicyBody", "");
  if (input.stack_policy_url) return unsupported("StackPolicyURL", "");
  if (input.stack_policy_during_update_body) return unsupported("StackPolicyDuringUpdateBody", "");
  if (input.stack_policy_during_update_url) return unsupported("StackPolicyDuringUpdateURL", "");
  if (input.retain_except_on_create.value_or(false)) return unsupported("RetainExceptOnCreate", "");
  if (input.use_previous_template.value_or(false) && input.template_body) {
    return validation("Cannot specify both usePreviousTemplate and Template Body.");
  }
  return {};
}

// The names that the stack exports now and won't after the deployment.
std::vector<std::string> dropped_exports(const StackDocument& stack, const Deployment& deployment) {
  std::vector<std::string> names;
  for (const StackOutput& output : stack.outputs) {
    bool stays = output.export_name.empty();
    for (const StackOutput& planned : deployment.plan.outputs) {
      stays = stays || planned.export_name == output.export_name;
    }
    if (!stays) names.push_back(output.export_name);
  }
  return names;
}

}  // namespace

io::Task<aws::Result<api::UpdateStackOutput>> update_stack(Service& service,
                                                           const aws::RequestContext& context,
                                                           api::UpdateStackInput input) {
  if (auto ok = check_supported(input); !ok) co_return ok.take_error();
  auto request = read_deploy_request(input);
  if (!request) co_return request.take_error();
  request->use_previous_template = input.use_previous_template.value_or(false);
  auto stack = co_await find_stack(service, context, input.stack_name, AbsentStack::kBracket);
  if (!stack) co_return stack.take_error();
  api::UpdateStackOutput output;
  output.stack_id = stack_id(stack->address);
  const std::string token = input.client_request_token.value_or("");
  if (!token.empty() && stack->operation.kind == "update" &&
      stack->operation.client_token == token) {
    output.operation_id = stack->operation.id;
    co_return output;
  }
  if (auto ok = check_can_update(*stack); !ok) co_return ok.take_error();
  auto deployment =
      co_await prepare(service, context, request.take(), stack->address, &stack.value());
  if (!deployment) co_return deployment.take_error();
  if (changes_nothing(*deployment, *stack)) {
    co_return validation("No updates are to be performed.");
  }
  auto unused = co_await check_exports_unused(service, context, stack->address,
                                              dropped_exports(*stack, *deployment));
  if (!unused) co_return unused.take_error();
  OperationOptions options;
  options.client_token = token;
  options.disable_rollback = input.disable_rollback.value_or(false);
  auto begun = co_await begin_update(service, context, stack.take(), deployment.take(),
                                     std::move(options), "");
  if (!begun) co_return begun.take_error();
  output.operation_id = begun->operation.id;
  co_return output;
}

}  // namespace millstream::cloudformation::ops
