#include <fmt/format.h>

#include "services/kinesis/account_limits.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/stream_change.h"

namespace millstream::kinesis::ops {
namespace {

aws::Result<> switch_mode(const Quotas& quotas, bool on_demand, int32_t warm_throughput_mibps,
                          int64_t now_ms, Stream* stream) {
  if (stream->on_demand != on_demand) {
    const int64_t switches_max = quotas[Quota::kModeSwitches];
    if (!count_in_day(now_ms, switches_max, &stream->settings.mode_changes_ms)) {
      return errors::limit_exceeded_exception(fmt::format(
          "Stream {} under account {} can switch between capacity modes {} times in a rolling "
          "24-hour period.",
          stream->name, stream->account, switches_max));
    }
  }
  stream->on_demand = on_demand;
  stream->settings.warm_throughput_mibps = warm_throughput_mibps;
  // A provisioned stream goes by its records' partition keys.
  if (!on_demand) stream->settings.spreads_evenly = false;
  return {};
}

}  // namespace

// The stream keeps its shards in both directions, as on AWS.
io::Task<aws::Result<aws::Empty>> update_stream_mode(Service& service,
                                                     const aws::RequestContext& context,
                                                     api::UpdateStreamModeInput input) {
  auto stream =
      service.find_stream_in_any_status(context, std::nullopt, input.stream_arn, input.stream_id);
  if (!stream) co_return stream.take_error();
  const bool on_demand = input.stream_mode_details.stream_mode == "ON_DEMAND";
  const int32_t warm = input.warm_throughput_mibps.value_or(0);
  aws::Result<> checked;
  if (on_demand && !(*stream)->on_demand) checked = check_on_demand_limit(service, context);
  if (checked && input.warm_throughput_mibps) {
    checked = check_warm_throughput(service, context, on_demand, warm);
  }
  if (!checked) co_return checked.take_error();
  const auto change = [&](Stream& changed, int64_t now_ms) {
    return switch_mode(service.quotas(), on_demand, warm, now_ms, &changed);
  };
  aws::Result<> done = co_await change_stream(service, context, stream.take(), change);
  if (!done) co_return done.take_error();
  co_return aws::Empty{};
}

}  // namespace millstream::kinesis::ops
