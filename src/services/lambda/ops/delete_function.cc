#include "services/lambda/function_name.h"
#include "services/lambda/operations.gen.h"
#include "services/lambda/service.h"

namespace millstream::lambda::ops {

io::Task<aws::Result<api::DeleteFunctionResponse>> delete_function(
    Service& service, const aws::RequestContext& context, api::DeleteFunctionRequest input) {
  auto found = find_function(service, context, input.function_name, input.qualifier);
  if (!found) co_return found.take_error();
  if (input.qualifier) {
    co_return errors::invalid_parameter_value_exception(
        "$LATEST version cannot be deleted without deleting the function.");
  }
  const functions::FunctionAddress address = (*found)->address();
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<> {
    auto function = functions::get_function(transaction, address);
    if (!function) return aws::Error(function.take_error());
    if (!*function) return function_not_found(address);
    auto erased = functions::CodeStore::erase(transaction, address, (*function)->run.code_id);
    if (!erased) return aws::Error(erased.take_error());
    transaction.erase(functions::function_key(address));
    return {};
  };
  auto deleted = co_await service.lanes().run(context.home, service.lane_of(address), body);
  if (!deleted) co_return deleted.take_error();
  api::DeleteFunctionResponse output;
  output.status_code = 204;
  co_return output;
}

}  // namespace millstream::lambda::ops
