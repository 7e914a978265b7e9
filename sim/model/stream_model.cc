#include "sim/model/stream_model.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "services/kinesis/hash_key.h"
#include "services/kinesis/limits.h"

namespace millstream::sim {

StreamModel::StreamModel(Findings& findings, std::string stream_name, int32_t shard_count)
    : Resource(std::move(stream_name)), ranges(kinesis::even_shards(shard_count, 0)) {
  constexpr int64_t kRetentionMs = int64_t{kinesis::kRetentionHoursDefault} * 3'600'000;
  for (int32_t i = 0; i < shard_count; ++i) {
    shards.emplace_back(findings, fmt::format("{}, shard {}", name, i), kRetentionMs);
  }
}

uint32_t StreamModel::shard_of(const std::string& partition_key) const {
  const kinesis::HashKey hash = kinesis::hash_of_partition_key(partition_key);
  for (const kinesis::Shard& shard : ranges) {
    if (hash <= shard.ending_hash_key) return shard.index;
  }
  return 0;
}

void StreamModel::process_died() {
  undecided = false;
  for (ShardModel& shard : shards) shard.process_died();
}

void StreamModel::check_whole_requests(Findings& findings, int64_t wall_ms_highest) const {
  struct Part {
    const SentRecord* there = nullptr;
    const SentRecord* missing = nullptr;
  };
  std::map<std::pair<uint64_t, uint16_t>, Part> parts;
  for (const ShardModel& shard : shards) {
    for (const auto& [id, record] : shard.sent()) {
      if (!record.ending) continue;
      if (record.sequence && shard.may_be_gone(*record.sequence, wall_ms_highest)) continue;
      Part& part = parts[{record.request, record.lane}];
      (record.sequence ? part.there : part.missing) = &record;
    }
  }
  for (const auto& [key, part] : parts) {
    if (!part.there || !part.missing) continue;
    findings.add("nothing is half applied",
                 fmt::format("{}: of one request record {} is there and record {} isn't", name,
                             part.there->id, part.missing->id));
  }
}

}  // namespace millstream::sim
