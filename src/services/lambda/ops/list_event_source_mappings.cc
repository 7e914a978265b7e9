#include <algorithm>

#include "services/lambda/event_source_mapping.h"
#include "services/lambda/operations.gen.h"
#include "services/lambda/service.h"

namespace millstream::lambda::ops {
namespace {

constexpr int32_t kPageMax = 100;  // whatever MaxItems says

}  // namespace

io::Task<aws::Result<api::ListEventSourceMappingsResponse>> list_event_source_mappings(
    Service& service, const aws::RequestContext& context,
    api::ListEventSourceMappingsRequest input) {
  std::string function_arn;
  if (input.function_name) {
    auto function = find_triggered_function(service, context, *input.function_name);
    if (!function) co_return function.take_error();
    function_arn = function->arn;
  }
  const auto wanted = [&](const triggers::Mapping& mapping) {
    return (!input.event_source_arn || mapping.stream_arn == *input.event_source_arn) &&
           (!input.function_name || mapping.function_arn == function_arn);
  };
  // The marker is the last UUID of the page before. One more than a page tells whether more follow.
  const auto page = static_cast<size_t>(std::min(input.max_items.value_or(kPageMax), kPageMax));
  auto mappings = service.triggers().list(context.account, context.region,
                                          input.marker.value_or(""), page + 1, wanted);
  api::ListEventSourceMappingsResponse output;
  if (mappings.size() > page) {
    mappings.pop_back();
    output.next_marker = mappings.back()->mapping()->uuid;
  }
  output.event_source_mappings.emplace();
  for (const auto& mapping : mappings) output.event_source_mappings->push_back(describe(*mapping));
  co_return output;
}

}  // namespace millstream::lambda::ops
