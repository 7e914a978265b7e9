#include <algorithm>

#include "base/base64.h"
#include "services/lambda/configuration.h"
#include "services/lambda/operations.gen.h"
#include "services/lambda/service.h"

namespace millstream::lambda::ops {
namespace {

constexpr int32_t kPageMax = 50;

}  // namespace

// A marker is the last name of the page before, in base64. FunctionVersion ALL gives the same list:
// $LATEST is the only version there is.
io::Task<aws::Result<api::ListFunctionsResponse>> list_functions(Service& service,
                                                                 const aws::RequestContext& context,
                                                                 api::ListFunctionsRequest input) {
  const auto after = base64_decode(input.marker.value_or(""));
  if (!after) co_return errors::invalid_parameter_value_exception("Invalid Marker.");
  if (input.master_region) {
    co_return aws::unsupported_parameter("MasterRegion", "functions aren't replicated");
  }
  const auto limit = static_cast<size_t>(std::min(input.max_items.value_or(kPageMax), kPageMax));
  auto found =
      service.functions().catalogue().list(context.account, context.region, *after, limit + 1);
  api::ListFunctionsResponse output;
  if (found.size() > limit) {
    found.pop_back();
    output.next_marker = base64_encode(found.back()->run.name);
  }
  std::vector<api::FunctionConfiguration> list;
  const bool all = input.function_version.has_value();
  for (const auto& function : found) {
    list.push_back(describe(*function, all ? "$LATEST" : ""));
  }
  output.functions = std::move(list);
  co_return output;
}

}  // namespace millstream::lambda::ops
