#include "services/kinesis/reshard.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/check.h"

namespace millstream::kinesis {
namespace {

// The part of the even division that holds `key`.
int32_t part_of(HashKey key, int32_t count) {
  int32_t low = 0;
  int32_t high = count - 1;
  while (low < high) {
    const int32_t middle = low + (high - low + 1) / 2;
    if (even_start(count, middle) <= key) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

}  // namespace

void RoundMaker::split(const Shard& shard, HashKey second_start) {
  round_.parents.push_back(shard.index);
  add_child(shard.starting_hash_key, second_start - 1, shard.index, std::nullopt);
  add_child(second_start, shard.ending_hash_key, shard.index, std::nullopt);
}

void RoundMaker::merge(const Shard& shard, const Shard& adjacent) {
  round_.parents.push_back(shard.index);
  round_.parents.push_back(adjacent.index);
  add_child(std::min(shard.starting_hash_key, adjacent.starting_hash_key),
            std::max(shard.ending_hash_key, adjacent.ending_hash_key), shard.index, adjacent.index);
}

void RoundMaker::add_child(HashKey start, HashKey end, uint32_t parent,
                           std::optional<uint32_t> adjacent) {
  Shard child;
  child.index = next_index_++;
  child.starting_hash_key = start;
  child.ending_hash_key = end;
  child.parent = parent;
  child.adjacent_parent = adjacent;
  round_.children.push_back(child);
}

ReshardRound split_round(const Stream& stream, const Shard& shard, HashKey second_start) {
  RoundMaker round(stream);
  round.split(shard, second_start);
  return round.take();
}

ReshardRound merge_round(const Stream& stream, const Shard& shard, const Shard& adjacent) {
  RoundMaker round(stream);
  round.merge(shard, adjacent);
  return round.take();
}

std::optional<ReshardRound> next_even_round(const Stream& stream, int32_t target_count) {
  RoundMaker splits(stream);
  for (const uint32_t place : stream.open_shards) {
    const Shard& shard = stream.shards[place];
    const int32_t first = part_of(shard.starting_hash_key, target_count);
    const int32_t last = part_of(shard.ending_hash_key, target_count);
    if (first < last) splits.split(shard, even_start(target_count, first + (last - first + 1) / 2));
  }
  if (!splits.empty()) return splits.take();
  RoundMaker merges(stream);
  for (size_t i = 0; i + 1 < stream.open_shards.size(); ++i) {
    const Shard& shard = stream.shards[stream.open_shards[i]];
    const Shard& next = stream.shards[stream.open_shards[i + 1]];
    const bool together = part_of(shard.starting_hash_key, target_count) ==
                          part_of(next.starting_hash_key, target_count);
    if (!together) continue;
    merges.merge(shard, next);
    ++i;
  }
  if (merges.empty()) return std::nullopt;
  return merges.take();
}

void finish_round(Stream* stream, const std::vector<uint64_t>& end_sequences, int64_t now_ms) {
  const Resharding under_way = std::move(*stream->resharding);
  const ReshardRound& round = under_way.round;
  CHECK(round.parents.size() == end_sequences.size());
  std::unordered_map<uint32_t, uint64_t> ends;
  for (size_t i = 0; i < end_sequences.size(); ++i) ends[round.parents[i]] = end_sequences[i];
  std::vector<Shard> shards = stream->shards;
  int64_t created_seconds = now_ms / 1000;
  for (Shard& shard : shards) {
    const auto end = ends.find(shard.index);
    if (end == ends.end()) continue;
    shard.closed = {now_ms, end->second};
    // So that a child's sequence numbers are above its parents'.
    created_seconds = std::max(created_seconds, shard.created_seconds + 1);
  }
  std::erase_if(shards, [&](const Shard& shard) { return stream->is_expired(shard, now_ms); });
  for (Shard child : round.children) {
    child.created_seconds = created_seconds;
    child.opened_ms = now_ms;
    shards.push_back(child);
  }
  CHECK(stream->set_shards(std::move(shards)));
  stream->resharding.reset();
  if (!under_way.target_count) return;
  auto next = next_even_round(*stream, *under_way.target_count);
  if (next) {
    stream->resharding = {under_way.target_count, under_way.by_load, under_way.started_ms,
                          std::move(*next)};
  }
}

}  // namespace millstream::kinesis
