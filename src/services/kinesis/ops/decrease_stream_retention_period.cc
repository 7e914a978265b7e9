#include "services/kinesis/operations.gen.h"
#include "services/kinesis/retention.h"
#include "services/kinesis/stream_change.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<aws::Empty>> decrease_stream_retention_period(
    Service& service, const aws::RequestContext& context,
    api::DecreaseStreamRetentionPeriodInput input) {
  auto stream = service.find_stream_in_any_status(context, input.stream_name, input.stream_arn,
                                                  input.stream_id);
  if (!stream) co_return stream.take_error();
  const auto change = [&](Stream& changed, int64_t) {
    return decrease_retention(service.quotas(), input.retention_period_hours, &changed);
  };
  aws::Result<> done = co_await change_stream(service, context, stream.take(), change);
  if (!done) co_return done.take_error();
  co_return aws::Empty{};
}

}  // namespace millstream::kinesis::ops
