#include <fmt/format.h>

#include "services/kinesis/account_limits.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/stream_change.h"
#include "services/kinesis/warm_throughput.h"

namespace millstream::kinesis::ops {
namespace {

aws::Result<> switch_mode(const Quotas& quotas, bool on_demand, int64_t now_ms, Stream* stream) {
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
  // A provisioned stream goes by its records' partition keys, and is never warm.
  if (!on_demand) {
    stream->settings.spreads_evenly = false;
    stream->settings.warm_throughput_mibps = 0;
  }
  return {};
}

}  // namespace

// The stream keeps its shards in both directions, as on AWS, unless it shall be warm.
io::Task<aws::Result<aws::Empty>> update_stream_mode(Service& service,
                                                     const aws::RequestContext& context,
                                                     api::UpdateStreamModeInput input) {
  auto stream =
      service.find_stream_in_any_status(context, std::nullopt, input.stream_arn, input.stream_id);
  if (!stream) co_return stream.take_error();
  const bool on_demand = input.stream_mode_details.stream_mode == "ON_DEMAND";
  aws::Result<> checked;
  if (on_demand && !(*stream)->on_demand) checked = check_on_demand_limit(service, context);
  if (checked && input.warm_throughput_mibps) {
    checked = check_warm_throughput(service, context, on_demand, *input.warm_throughput_mibps);
  }
  if (!checked) co_return checked.take_error();
  Resharder::Plan plan = [&](Stream now, int64_t now_ms) -> aws::Result<Stream> {
    aws::Result<> planned = switch_mode(service.quotas(), on_demand, now_ms, &now);
    if (planned && input.warm_throughput_mibps) {
      planned = plan_warm_throughput(service, *input.warm_throughput_mibps, now_ms, &now);
    } else if (planned) {
      now.transition = transition_to(service, "UPDATING", now_ms);
    }
    if (!planned) return planned.take_error();
    return now;
  };
  auto begun = co_await service.resharder().begin(context.home, stream.take(), std::move(plan));
  if (!begun) co_return begun.take_error();
  co_return aws::Empty{};
}

}  // namespace millstream::kinesis::ops
