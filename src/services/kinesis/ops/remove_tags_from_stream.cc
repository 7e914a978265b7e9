#include "services/kinesis/operations.gen.h"
#include "services/kinesis/stream_change.h"
#include "services/kinesis/tags.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<aws::Empty>> remove_tags_from_stream(Service& service,
                                                          const aws::RequestContext& context,
                                                          api::RemoveTagsFromStreamInput input) {
  auto stream = service.find_stream_in_any_status(context, input.stream_name, input.stream_arn,
                                                  input.stream_id);
  if (!stream) co_return stream.take_error();
  const auto change = [&](Stream& changed, int64_t) {
    return remove_tags(in_words(changed), input.tag_keys, &changed.tags);
  };
  aws::Result<> done = co_await change_stream(service, context, stream.take(), change, "");
  if (!done) co_return done.take_error();
  co_return aws::Empty{};
}

}  // namespace millstream::kinesis::ops
