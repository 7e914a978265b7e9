#include "services/kinesis/describe.h"

namespace millstream::kinesis {

api::Shard describe(const Shard& shard) {
  api::Shard result;
  result.shard_id = shard.id();
  result.hash_key_range.starting_hash_key = to_decimal(shard.starting_hash_key);
  result.hash_key_range.ending_hash_key = to_decimal(shard.ending_hash_key);
  result.sequence_number_range.starting_sequence_number = shard.starting_sequence_number();
  return result;
}

api::StreamModeDetails mode_details(const Stream& stream) {
  api::StreamModeDetails details;
  details.stream_mode = stream.on_demand ? "ON_DEMAND" : "PROVISIONED";
  return details;
}

std::vector<api::Shard> describe_shards(const Stream& stream,
                                        const std::optional<std::string>& exclusive_start_shard_id,
                                        size_t limit, bool* has_more) {
  std::vector<api::Shard> page;
  *has_more = false;
  for (const Shard& shard : stream.shards) {
    // Identifiers are of one length, so their order is the shards' order.
    if (exclusive_start_shard_id && shard.id() <= *exclusive_start_shard_id) continue;
    *has_more = page.size() == limit;
    if (*has_more) break;
    page.push_back(describe(shard));
  }
  return page;
}

}  // namespace millstream::kinesis
