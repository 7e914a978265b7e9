#include <utility>

#include "services/lambda/change.h"
#include "services/lambda/configuration.h"
#include "services/lambda/function_name.h"
#include "services/lambda/operations.gen.h"
#include "services/lambda/package.h"
#include "services/lambda/service.h"
#include "services/lambda/unsupported.h"

namespace millstream::lambda::ops {

io::Task<aws::Result<api::FunctionConfiguration>> update_function_code(
    Service& service, const aws::RequestContext& context, api::UpdateFunctionCodeRequest input) {
  auto refused = refuse_unsupported(input);
  if (!refused) co_return refused.take_error();
  auto found = find_function(service, context, input.function_name);
  if (!found) co_return found.take_error();
  if (!input.zip_file) {
    co_return errors::invalid_parameter_value_exception(
        "Please provide a source for function code.");
  }
  functions::Function package = **found;
  if (input.architectures) {
    auto applied = apply_architectures(*input.architectures, &package);
    if (!applied) co_return applied.take_error();
  }
  if (input.dry_run.value_or(false)) {
    measure_package(*input.zip_file, &package);
    co_return describe(package);
  }
  auto added = co_await add_package(service, context, "UpdateFunctionCode",
                                    std::move(*input.zip_file), &package);
  if (!added) co_return added.take_error();
  auto set_code = [&package](functions::Function* function) -> aws::Result<> {
    function->run.code_id = package.run.code_id;
    function->code_bytes = package.code_bytes;
    function->code_sha256 = package.code_sha256;
    function->architecture = package.architecture;
    return {};
  };
  auto changed =
      co_await change_function(service, context, package.address(), input.revision_id, set_code);
  if (!changed) {
    co_await drop_package(service, context, std::move(package));
    co_return changed.take_error();
  }
  co_return describe(*changed);
}

}  // namespace millstream::lambda::ops
