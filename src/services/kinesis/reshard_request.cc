#include "services/kinesis/reshard_request.h"

#include <fmt/format.h>

#include <limits>

#include "services/kinesis/api.gen.h"
#include "services/kinesis/limits.h"

namespace millstream::kinesis {

aws::Result<> require_provisioned(const Stream& stream) {
  if (!stream.on_demand) return {};
  return errors::validation_exception(
      fmt::format("Request is invalid. Stream {} under account {} is in On-Demand mode.",
                  stream.name, stream.account));
}

aws::Result<const Shard*> find_open_shard(const Stream& stream, const std::string& shard_id,
                                          int64_t now_ms) {
  const Shard* const shard = stream.find_shard(shard_id, now_ms);
  if (shard == nullptr) {
    return errors::resource_not_found_exception(
        fmt::format("Could not find shard {} in stream {} under account {}.", shard_id, stream.name,
                    stream.account));
  }
  if (!shard->is_open()) {
    return errors::invalid_argument_exception(
        fmt::format("Shard {} in stream {} under account {} has already been merged or split, and "
                    "thus is not eligible for merging or splitting.",
                    shard->id(), stream.name, stream.account));
  }
  return shard;
}

aws::Result<> check_room_for_shards(Service& service, const Stream& stream, size_t more) {
  if (!service.options().aws_quotas) return {};
  size_t used = 0;
  for (const auto& each : service.catalog().list(stream.account, stream.region, "",
                                                 std::numeric_limits<size_t>::max())) {
    used += each->open_shards.size();
  }
  if (used + more <= kShardsPerAccountMax) return {};
  return errors::limit_exceeded_exception(fmt::format(
      "This request would exceed the shard limit for the account {} in {}. Current shard count for "
      "the account: {}. Limit: {}. Number of additional shards that would have resulted from this "
      "request: {}. Refer to the AWS Service Limits page "
      "(https://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits "
      "and how to request higher limits.",
      stream.account, stream.region, used, kShardsPerAccountMax, more));
}

}  // namespace millstream::kinesis
