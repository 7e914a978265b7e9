#include <algorithm>

#include "services/kinesis/enhanced_monitoring.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/stream_change.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<api::EnhancedMonitoringOutput>> disable_enhanced_monitoring(
    Service& service, const aws::RequestContext& context,
    api::DisableEnhancedMonitoringInput input) {
  auto stream = service.find_stream_in_any_status(context, input.stream_name, input.stream_arn,
                                                  input.stream_id);
  if (!stream) co_return stream.take_error();
  const std::vector<std::string> unwanted = named_metrics(input.shard_level_metrics);
  std::vector<std::string> before;
  std::vector<std::string> now;
  const auto change = [&](Stream& changed, int64_t) -> aws::Result<> {
    before = changed.settings.shard_level_metrics;
    now.clear();
    std::copy_if(before.begin(), before.end(), std::back_inserter(now), [&](const auto& metric) {
      return std::find(unwanted.begin(), unwanted.end(), metric) == unwanted.end();
    });
    changed.settings.shard_level_metrics = now;
    return {};
  };
  aws::Result<> done = co_await change_stream(service, context, *stream, change);
  if (!done) co_return done.take_error();
  co_return monitoring_output(**stream, std::move(before), std::move(now));
}

}  // namespace millstream::kinesis::ops
