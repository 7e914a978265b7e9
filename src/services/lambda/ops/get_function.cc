#include "services/lambda/configuration.h"
#include "services/lambda/function_name.h"
#include "services/lambda/operations.gen.h"
#include "services/lambda/service.h"

namespace millstream::lambda::ops {

// Code.Location, a signed link to the package, is left out: there is no S3 yet to fetch it from.
io::Task<aws::Result<api::GetFunctionResponse>> get_function(Service& service,
                                                             const aws::RequestContext& context,
                                                             api::GetFunctionRequest input) {
  auto found = find_function(service, context, input.function_name, input.qualifier);
  if (!found) co_return found.take_error();
  api::GetFunctionResponse output;
  output.configuration = describe(**found, input.qualifier.value_or(""));
  output.code.emplace().repository_type = "S3";
  if (!(*found)->tags.empty()) output.tags = (*found)->tags;
  co_return output;
}

}  // namespace millstream::lambda::ops
