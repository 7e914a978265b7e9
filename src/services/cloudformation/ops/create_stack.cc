#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/operations.h"

namespace millstream::cloudformation::ops {
namespace {

aws::Result<OperationOptions> read_options(const api::CreateStackInput& input) {
  if (input.stack_policy_body) return unsupported("StackPolicyBody", "");
  if (input.stack_policy_url) return unsupported("StackPolicyURL", "");
  if (input.retain_except_on_create.value_or(false)) return unsupported("RetainExceptOnCreate", "");
  if (input.on_failure && input.disable_rollback) {
    return validation("Only one of OnFailure and DisableRollback can be specified.");
  }
  OperationOptions options;
  options.client_token = input.client_request_token.value_or("");
  options.disable_rollback =
      input.disable_rollback.value_or(false) || input.on_failure == "DO_NOTHING";
  options.delete_on_failure = input.on_failure == "DELETE";
  options.timeout_minutes = input.timeout_in_minutes.value_or(0);
  options.termination_protection = input.enable_termination_protection.value_or(false);
  return options;
}

}  // namespace

io::Task<aws::Result<api::CreateStackOutput>> create_stack(Service& service,
                                                           const aws::RequestContext& context,
                                                           api::CreateStackInput input) {
  if (auto ok = check_stack_name(input.stack_name); !ok) co_return ok.take_error();
  auto options = read_options(input);
  if (!options) co_return options.take_error();
  auto request = read_deploy_request(input);
  if (!request) co_return request.take_error();
  auto standing = co_await service.store().named(context.home, context.account, context.region,
                                                 input.stack_name);
  if (!standing) co_return aws::Error(standing.take_error());
  const bool may_be_repeated = *standing && !options->client_token.empty() &&
                               (*standing)->operation.client_token == options->client_token;
  if (*standing && !may_be_repeated) {
    co_return errors::already_exists_exception("Stack [" + input.stack_name + "] already exists");
  }
  StackAddress address{context.account, context.region, input.stack_name, service.random().uuid()};
  auto deployment = co_await prepare(service, context, request.take(), address, nullptr);
  if (!deployment) co_return deployment.take_error();
  auto begun = co_await begin_create(service, context, std::move(address), deployment.take(),
                                     options.take(), "");
  if (!begun) co_return begun.take_error();
  api::CreateStackOutput output;
  output.stack_id = stack_id(begun->address);
  output.operation_id = begun->operation.id;
  co_return output;
}

}  // namespace millstream::cloudformation::ops
