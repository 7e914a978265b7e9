#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<api::DescribeLimitsOutput>> describe_limits(Service& service,
                                                                 const aws::RequestContext& context,
                                                                 api::DescribeLimitsInput) {
  const Catalog::Usage usage = service.catalog().usage(context.account, context.region);
  api::DescribeLimitsOutput output;
  output.shard_limit = static_cast<int32_t>(service.quotas().shards(context.region));
  output.open_shard_count = static_cast<int32_t>(usage.open_shards);
  output.on_demand_stream_count = static_cast<int32_t>(usage.on_demand_streams);
  output.on_demand_stream_count_limit =
      static_cast<int32_t>(service.quotas()[Quota::kOnDemandStreams]);
  co_return output;
}

}  // namespace millstream::kinesis::ops
