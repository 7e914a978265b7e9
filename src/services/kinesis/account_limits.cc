#include "services/kinesis/account_limits.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/kinesis/api.gen.h"

namespace millstream::kinesis {

aws::Result<> check_room_for_shards(Service& service, const Stream& stream, size_t more) {
  if (more <= service.room_for_shards(stream)) return {};
  const size_t used = service.catalog().usage(stream.account, stream.region).open_shards;
  return errors::limit_exceeded_exception(fmt::format(
      "This request would exceed the shard limit for the account {} in {}. Current shard count for "
      "the account: {}. Limit: {}. Number of additional shards that would have resulted from this "
      "request: {}. Refer to the AWS Service Limits page "
      "(https://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits "
      "and how to request higher limits.",
      stream.account, stream.region, used, service.quotas().shards(stream.region), more));
}

aws::Result<> check_on_demand_limit(Service& service, const aws::RequestContext& context) {
  const size_t used = service.catalog().usage(context.account, context.region).on_demand_streams;
  const auto limit = static_cast<size_t>(service.quotas()[Quota::kOnDemandStreams]);
  if (used < limit) return {};
  return errors::limit_exceeded_exception(fmt::format(
      "This request would exceed the on-demand stream limit for the account {} in {}. Current "
      "on-demand stream count for the account: {}. Limit: {}. Refer to the AWS Service Limits page "
      "(https://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits "
      "and how to request higher limits.",
      context.account, context.region, used, limit));
}

aws::Result<> check_creating_limit(Service& service, const aws::RequestContext& context) {
  if (service.options().transition_ms == 0) return {};
  const auto streams = service.catalog().list(context.account, context.region, "", SIZE_MAX);
  const auto creating = std::count_if(streams.begin(), streams.end(), [&](const auto& stream) {
    return stream->status(context.now_ms) == "CREATING";
  });
  const int64_t limit = service.quotas()[Quota::kStreamsCreating];
  if (creating < limit) return {};
  return errors::limit_exceeded_exception(fmt::format(
      "This request would exceed the limit of {} streams in the CREATING state for the account {} "
      "in {}.",
      limit, context.account, context.region));
}

aws::Result<> check_warm_throughput(Service& service, const aws::RequestContext& context,
                                    bool on_demand, int32_t mibps) {
  if (!on_demand) {
    return errors::invalid_argument_exception(
        "WarmThroughputMiBps is only supported for streams in ON_DEMAND mode.");
  }
  const AccountSettings account =
      service.catalog().account_settings(context.account, context.region);
  if (!account.committed(context.now_ms)) {
    return errors::invalid_argument_exception(
        fmt::format("WarmThroughputMiBps is only supported for accounts that have "
                    "MinimumThroughputBillingCommitment enabled. Account {} has not.",
                    context.account));
  }
  const int64_t limit = service.quotas()[Quota::kWarmThroughput];
  if (mibps <= limit) return {};
  return errors::limit_exceeded_exception(
      fmt::format("WarmThroughputMiBps {} exceeds the limit of {} MiB per second for an on-demand "
                  "stream.",
                  mibps, limit));
}

}  // namespace millstream::kinesis
