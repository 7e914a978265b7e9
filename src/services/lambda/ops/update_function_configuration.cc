#include <utility>

#include "services/lambda/change.h"
#include "services/lambda/configuration.h"
#include "services/lambda/function_name.h"
#include "services/lambda/operations.gen.h"
#include "services/lambda/service.h"
#include "services/lambda/unsupported.h"

namespace millstream::lambda::ops {
namespace {

aws::Result<> apply(const api::UpdateFunctionConfigurationRequest& input,
                    functions::Function* function) {
  aws::Result<> applied;
  if (input.runtime) applied = apply_runtime(*input.runtime, function);
  if (applied && input.handler) applied = apply_handler(*input.handler, function);
  if (applied && input.memory_size) applied = apply_memory_size(*input.memory_size, function);
  if (applied && input.timeout) applied = apply_timeout(*input.timeout, function);
  if (applied && input.environment) applied = apply_environment(*input.environment, function);
  if (applied && input.ephemeral_storage) {
    applied = apply_ephemeral_storage(*input.ephemeral_storage, function);
  }
  if (input.role) function->run.role_arn = *input.role;
  if (input.description) function->description = *input.description;
  return applied;
}

}  // namespace

io::Task<aws::Result<api::FunctionConfiguration>> update_function_configuration(
    Service& service, const aws::RequestContext& context,
    api::UpdateFunctionConfigurationRequest input) {
  auto refused = refuse_unsupported(input);
  if (!refused) co_return refused.take_error();
  auto found = find_function(service, context, input.function_name);
  if (!found) co_return found.take_error();
  auto change = [&input](functions::Function* function) { return apply(input, function); };
  auto changed =
      co_await change_function(service, context, (*found)->address(), input.revision_id, change);
  if (!changed) co_return changed.take_error();
  co_return describe(*changed);
}

}  // namespace millstream::lambda::ops
