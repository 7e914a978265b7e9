#include "services/kinesis/operations.gen.h"
#include "services/kinesis/resource.h"
#include "services/kinesis/tags.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<aws::Empty>> untag_resource(Service& service,
                                                 const aws::RequestContext& context,
                                                 api::UntagResourceInput input) {
  auto resource = find_resource(service, context, input.resource_arn);
  if (!resource) co_return resource.take_error();
  const auto change = [&](ResourceParts parts) {
    return remove_tags(parts.words, input.tag_keys, &parts.tags);
  };
  aws::Result<> done = co_await change_resource(service, context, resource.take(), change);
  if (!done) co_return done.take_error();
  co_return aws::Empty{};
}

}  // namespace millstream::kinesis::ops
