#include "services/kinesis/account_limits.h"
#include "services/kinesis/describe.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"
#include "services/kinesis/warm_throughput.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<api::UpdateStreamWarmThroughputOutput>> update_stream_warm_throughput(
    Service& service, const aws::RequestContext& context,
    api::UpdateStreamWarmThroughputInput input) {
  auto stream = service.find_stream_in_any_status(context, input.stream_name, input.stream_arn,
                                                  input.stream_id);
  if (!stream) co_return stream.take_error();
  aws::Result<> checked =
      check_warm_throughput(service, context, (*stream)->on_demand, input.warm_throughput_mibps);
  if (!checked) co_return checked.take_error();
  Resharder::Plan plan = [&](Stream now, int64_t now_ms) -> aws::Result<Stream> {
    aws::Result<> planned =
        plan_warm_throughput(service, input.warm_throughput_mibps, now_ms, &now);
    if (!planned) return planned.take_error();
    return now;
  };
  auto begun = co_await service.resharder().begin(context.home, *stream, std::move(plan));
  if (!begun) co_return begun.take_error();
  const auto now = service.catalog().find_id((*stream)->id);
  const Stream& shown = now ? *now : *begun;
  api::UpdateStreamWarmThroughputOutput output;
  output.stream_arn = shown.arn();
  output.stream_name = shown.name;
  output.warm_throughput = warm_throughput(
      shown, service.catalog().account_settings(shown.account, shown.region), context.now_ms);
  co_return output;
}

}  // namespace millstream::kinesis::ops
