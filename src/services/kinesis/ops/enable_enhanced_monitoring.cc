#include "services/kinesis/enhanced_monitoring.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/stream_change.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<api::EnhancedMonitoringOutput>> enable_enhanced_monitoring(
    Service& service, const aws::RequestContext& context,
    api::EnableEnhancedMonitoringInput input) {
  auto stream = service.find_stream_in_any_status(context, input.stream_name, input.stream_arn,
                                                  input.stream_id);
  if (!stream) co_return stream.take_error();
  std::vector<std::string> before;
  std::vector<std::string> now;
  const auto change = [&](Stream& changed, int64_t) -> aws::Result<> {
    before = changed.settings.shard_level_metrics;
    std::vector<std::string> wanted = before;
    wanted.insert(wanted.end(), input.shard_level_metrics.begin(), input.shard_level_metrics.end());
    now = changed.settings.shard_level_metrics = named_metrics(wanted);
    return {};
  };
  aws::Result<> done = co_await change_stream(service, context, *stream, change);
  if (!done) co_return done.take_error();
  co_return monitoring_output(**stream, std::move(before), std::move(now));
}

}  // namespace millstream::kinesis::ops
