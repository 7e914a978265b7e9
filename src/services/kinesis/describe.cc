#include "services/kinesis/describe.h"

namespace millstream::kinesis {

api::Shard describe(const Shard& shard) {
  api::Shard result;
  result.shard_id = shard.id();
  result.hash_key_range.starting_hash_key = to_decimal(shard.starting_hash_key);
  result.hash_key_range.ending_hash_key = to_decimal(shard.ending_hash_key);
  result.sequence_number_range.starting_sequence_number = shard.starting_sequence_number();
  if (shard.closed) {
    result.sequence_number_range.ending_sequence_number = shard.ending_sequence_number();
  }
  if (shard.parent) result.parent_shard_id = shard_id_text(*shard.parent);
  if (shard.adjacent_parent)
    result.adjacent_parent_shard_id = shard_id_text(*shard.adjacent_parent);
  return result;
}

std::vector<api::ChildShard> describe_children(const Stream& stream, uint32_t parent) {
  std::vector<api::ChildShard> children;
  for (const Shard& shard : stream.shards) {
    if (shard.parent != parent && shard.adjacent_parent != parent) continue;
    api::ChildShard& child = children.emplace_back();
    child.shard_id = shard.id();
    child.parent_shards.push_back(shard_id_text(*shard.parent));
    if (shard.adjacent_parent) child.parent_shards.push_back(shard_id_text(*shard.adjacent_parent));
    child.hash_key_range.starting_hash_key = to_decimal(shard.starting_hash_key);
    child.hash_key_range.ending_hash_key = to_decimal(shard.ending_hash_key);
  }
  return children;
}

api::StreamModeDetails mode_details(const Stream& stream) {
  api::StreamModeDetails details;
  details.stream_mode = stream.on_demand ? "ON_DEMAND" : "PROVISIONED";
  return details;
}

std::vector<api::EnhancedMetrics> monitoring(const Stream& stream) {
  std::vector<api::EnhancedMetrics> enabled(1);
  enabled.front().shard_level_metrics = stream.settings.shard_level_metrics;
  return enabled;
}

std::optional<api::WarmThroughputObject> warm_throughput(const Stream& stream,
                                                         const AccountSettings& account,
                                                         int64_t now_ms) {
  if (!stream.on_demand || !account.committed(now_ms)) return std::nullopt;
  api::WarmThroughputObject warm;
  warm.target_mibps = stream.settings.warm_throughput_mibps;
  warm.current_mibps = static_cast<int32_t>(stream.open_shards.size());
  return warm;
}

api::Consumer describe(const Consumer& consumer, int64_t now_ms) {
  api::Consumer shown;
  shown.consumer_name = consumer.name;
  shown.consumer_arn = consumer.arn();
  shown.consumer_status = consumer.status(now_ms);
  shown.consumer_creation_timestamp = aws::Timestamp{consumer.created_ms};
  return shown;
}

api::MinimumThroughputBillingCommitmentOutput describe(const AccountSettings& account,
                                                       int64_t now_ms) {
  api::MinimumThroughputBillingCommitmentOutput shown;
  const bool ending = account.commitment_ended_ms.has_value();
  shown.status = !account.committed(now_ms) ? "DISABLED"
                 : ending                   ? "ENABLED_UNTIL_EARLIEST_ALLOWED_END"
                                            : "ENABLED";
  if (!account.commitment_started_ms) return shown;
  shown.started_at = aws::Timestamp{*account.commitment_started_ms};
  if (account.committed(now_ms)) {
    shown.earliest_allowed_end_at =
        aws::Timestamp{*account.commitment_started_ms + kCommitmentMsMin};
  } else {
    shown.ended_at = aws::Timestamp{*account.commitment_ended_ms};
  }
  return shown;
}

std::vector<api::Shard> describe_shards(const Stream& stream,
                                        const std::optional<std::string>& exclusive_start_shard_id,
                                        size_t limit, int64_t now_ms, bool* has_more,
                                        const std::function<bool(const Shard&)>& wanted) {
  std::vector<api::Shard> page;
  *has_more = false;
  for (const Shard& shard : stream.shards) {
    // Identifiers are of one length, so their order is the shards' order.
    if (exclusive_start_shard_id && shard.id() <= *exclusive_start_shard_id) continue;
    if (stream.is_expired(shard, now_ms) || (wanted && !wanted(shard))) continue;
    *has_more = page.size() == limit;
    if (*has_more) break;
    page.push_back(describe(shard));
  }
  return page;
}

}  // namespace millstream::kinesis
