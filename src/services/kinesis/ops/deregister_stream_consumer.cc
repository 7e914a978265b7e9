#include "services/kinesis/find_consumer.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/stream_change.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<aws::Empty>> deregister_stream_consumer(
    Service& service, const aws::RequestContext& context,
    api::DeregisterStreamConsumerInput input) {
  auto consumer = find_named_consumer(service, context, input.stream_arn, input.consumer_name,
                                      input.consumer_arn);
  if (!consumer) co_return consumer.take_error();
  const auto change = [](Consumer&, int64_t) { return aws::Result<>(); };
  aws::Result<> done =
      co_await change_consumer(service, context, consumer.take(), change, "DELETING");
  if (!done) co_return done.take_error();
  service.remove_later();
  co_return aws::Empty{};
}

}  // namespace millstream::kinesis::ops
