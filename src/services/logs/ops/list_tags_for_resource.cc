#include "services/logs/operations.gen.h"
#include "services/logs/service.h"

namespace millstream::logs::ops {

io::Task<aws::Result<api::ListTagsForResourceResponse>> list_tags_for_resource(
    Service& service, const aws::RequestContext& context, api::ListTagsForResourceRequest input) {
  auto group = service.find_group(context, group_name_of_identifier(input.resource_arn));
  if (!group) co_return group.take_error();
  api::ListTagsForResourceResponse output;
  output.tags = std::move(group->document.tags);
  co_return output;
}

}  // namespace millstream::logs::ops
