#include "services/kinesis/distribution.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/stream_change.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<aws::Empty>> update_stream_record_distribution_strategy(
    Service& service, const aws::RequestContext& context,
    api::UpdateStreamRecordDistributionStrategyInput input) {
  auto stream =
      service.find_stream_in_any_status(context, std::nullopt, input.stream_arn, input.stream_id);
  if (!stream) co_return stream.take_error();
  const bool evenly = input.record_distribution_strategy == kEvenDistribution;
  const auto change = [&](Stream& changed, int64_t) -> aws::Result<> {
    aws::Result<> checked = check_distribution(evenly, changed.on_demand);
    if (checked) changed.settings.spreads_evenly = evenly;
    return checked;
  };
  // AWS: it takes effect at once, so the stream isn't UPDATING.
  aws::Result<> done = co_await change_stream(service, context, stream.take(), change, "");
  if (!done) co_return done.take_error();
  co_return aws::Empty{};
}

}  // namespace millstream::kinesis::ops
