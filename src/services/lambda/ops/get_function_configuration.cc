#include "services/lambda/configuration.h"
#include "services/lambda/function_name.h"
#include "services/lambda/operations.gen.h"
#include "services/lambda/service.h"

namespace millstream::lambda::ops {

io::Task<aws::Result<api::FunctionConfiguration>> get_function_configuration(
    Service& service, const aws::RequestContext& context,
    api::GetFunctionConfigurationRequest input) {
  auto found = find_function(service, context, input.function_name, input.qualifier);
  if (!found) co_return found.take_error();
  co_return describe(**found, input.qualifier.value_or(""));
}

}  // namespace millstream::lambda::ops
