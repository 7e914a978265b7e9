#include "services/kinesis/operations.gen.h"
#include "services/kinesis/resource.h"
#include "services/kinesis/tags.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<api::ListTagsForResourceOutput>> list_tags_for_resource(
    Service& service, const aws::RequestContext& context, api::ListTagsForResourceInput input) {
  auto resource = find_resource(service, context, input.resource_arn);
  if (!resource) co_return resource.take_error();
  api::ListTagsForResourceOutput output;
  output.tags = tag_list(resource->stream ? resource->stream->tags : resource->consumer->tags);
  co_return output;
}

}  // namespace millstream::kinesis::ops
