#include "services/kinesis/operations.gen.h"
#include "services/kinesis/stream_change.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<aws::Empty>> update_max_record_size(Service& service,
                                                         const aws::RequestContext& context,
                                                         api::UpdateMaxRecordSizeInput input) {
  auto stream =
      service.find_stream_in_any_status(context, std::nullopt, input.stream_arn, input.stream_id);
  if (!stream) co_return stream.take_error();
  const auto change = [&](Stream& changed, int64_t) -> aws::Result<> {
    changed.max_record_size_kib = input.max_record_size_in_kib;
    return {};
  };
  aws::Result<> done = co_await change_stream(service, context, stream.take(), change);
  if (!done) co_return done.take_error();
  co_return aws::Empty{};
}

}  // namespace millstream::kinesis::ops
