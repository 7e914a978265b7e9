#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "services/kinesis/stream.h"

namespace millstream::kinesis {

// How a stream's shards are split and merged, as values: which parents are closed and which
// children are opened in their place. Children get the next indices; when they begin is set when
// their round is finished.

// Puts one round together, out of open shards that each occur once.
class RoundMaker {
 public:
  explicit RoundMaker(const Stream& stream) : next_index_(stream.next_shard_index()) {}

  void split(const Shard& shard, HashKey second_start);
  void merge(const Shard& shard, const Shard& adjacent);
  [[nodiscard]] bool empty() const { return round_.parents.empty(); }
  [[nodiscard]] ReshardRound take() { return std::move(round_); }

 private:
  void add_child(HashKey start, HashKey end, uint32_t parent, std::optional<uint32_t> adjacent);

  uint32_t next_index_;
  ReshardRound round_;
};

// `shard`, which is open, into two, of which the second begins with `second_start`.
ReshardRound split_round(const Stream& stream, const Shard& shard, HashKey second_start);
// Two open shards whose ranges are neighbours into one.
ReshardRound merge_round(const Stream& stream, const Shard& shard, const Shard& adjacent);
// The next step towards `target_count` open shards of equal size: splits, each in two, of all that
// go across a boundary, else merges, each of two, within the boundaries. Nothing if none is needed.
// Like AWS, more shards than either count may be open between.
std::optional<ReshardRound> next_even_round(const Stream& stream, int32_t target_count);

// Closes the parents of the round that is under way, whose ends are `end_sequences` in their order,
// opens its children, drops what is expired, and goes to the next round, if there is one.
void finish_round(Stream* stream, const std::vector<uint64_t>& end_sequences, int64_t now_ms);

}  // namespace millstream::kinesis
