#include "services/kinesis/shard_filter.h"

#include <algorithm>

namespace millstream::kinesis {
namespace {

aws::Result<> check(const api::ShardFilter& filter) {
  const bool after_shard = filter.type == "AFTER_SHARD_ID";
  const bool by_time = filter.type == "AT_TIMESTAMP" || filter.type == "FROM_TIMESTAMP";
  if (after_shard != filter.shard_id.has_value()) {
    return errors::invalid_argument_exception(
        after_shard ? "ShardId must be specified when ShardFilterType is AFTER_SHARD_ID."
                    : "ShardId can only be specified when ShardFilterType is AFTER_SHARD_ID.");
  }
  if (by_time != filter.timestamp.has_value()) {
    return errors::invalid_argument_exception(
        by_time ? "Timestamp must be specified when ShardFilterType is " + filter.type + "."
                : "Timestamp can only be specified when ShardFilterType is AT_TIMESTAMP or "
                  "FROM_TIMESTAMP.");
  }
  return {};
}

}  // namespace

aws::Result<ShardSelection> select_shards(const Stream& stream, const api::ShardFilter& filter,
                                          int64_t now_ms, std::optional<std::string>* start) {
  aws::Result<> checked = check(filter);
  if (!checked) return checked.take_error();
  if (filter.shard_id) *start = *filter.shard_id;
  // A stream holds nothing of the time before it was made.
  const int64_t horizon_ms =
      std::max(stream.created_ms, now_ms - int64_t{stream.retention_hours} * 3'600'000);
  const int64_t moment_ms = filter.timestamp ? std::max(filter.timestamp->ms, horizon_ms) : 0;
  if (filter.type == "AT_TRIM_HORIZON") return ShardSelection{horizon_ms, horizon_ms};
  if (filter.type == "AT_TIMESTAMP") return ShardSelection{moment_ms, moment_ms};
  if (filter.type == "FROM_TIMESTAMP") return ShardSelection{moment_ms, INT64_MAX};
  if (filter.type == "AT_LATEST") return ShardSelection{INT64_MAX, INT64_MAX};
  return ShardSelection{};
}

}  // namespace millstream::kinesis
