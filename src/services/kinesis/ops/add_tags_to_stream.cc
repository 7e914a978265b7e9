#include "services/kinesis/operations.gen.h"
#include "services/kinesis/stream_change.h"
#include "services/kinesis/tags.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<aws::Empty>> add_tags_to_stream(Service& service,
                                                     const aws::RequestContext& context,
                                                     api::AddTagsToStreamInput input) {
  auto stream = service.find_stream_in_any_status(context, input.stream_name, input.stream_arn,
                                                  input.stream_id);
  if (!stream) co_return stream.take_error();
  const auto change = [&](Stream& changed, int64_t) {
    return add_tags(service.quotas(), in_words(changed), input.tags, &changed.tags);
  };
  aws::Result<> done = co_await change_stream(service, context, stream.take(), change, "");
  if (!done) co_return done.take_error();
  co_return aws::Empty{};
}

}  // namespace millstream::kinesis::ops
