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
