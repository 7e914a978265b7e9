#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "journal/journal.h"
#include "lanes/lanes.h"
#include "lanes/transaction.h"

namespace millstream::lanes {

// Where a run of a shard's records stands in the journal.
struct IndexedBlock {
  uint64_t first_sequence = 0;
  int64_t arrival_ms = 0;
  journal::Position frame;
  uint32_t offset = 0;  // of the block in the frame's payload
  uint32_t count = 0;
  uint32_t bytes = 0;
  [[nodiscard]] uint64_t end_sequence() const { return first_sequence + count; }
};

// Which of a shard's blocks a look-up begins with: the first that reaches beyond `sequence` and
// didn't arrive before `arrival_ms`. Both rise within a shard, so it divides its blocks in two.
struct Wanted {
  uint64_t sequence = 0;
  int64_t arrival_ms = INT64_MIN;
  [[nodiscard]] bool begins_behind(const IndexedBlock& block) const {
    return begins_behind(block.end_sequence(), block.arrival_ms);
  }
  // Of a run of blocks: where it ends and when its last one arrived.
  [[nodiscard]] bool begins_behind(uint64_t end_sequence, int64_t last_arrival_ms) const {
    return end_sequence <= sequence || last_arrival_ms < arrival_ms;
  }
};

// Gathers the blocks that a read needs: up to its limits (the last one may go beyond).
class BlockCollector {
 public:
  BlockCollector(uint64_t sequence, const ReadLimits& limits)
      : sequence_(sequence), limits_(limits) {}

  // False if nothing more is wanted; the block is taken only if it is.
  bool add(const IndexedBlock& block) {
    if (!wants_more()) return false;
    blocks_.push_back(block);
    records_ += block.end_sequence() - std::max(block.first_sequence, sequence_);
    bytes_ += block.first_sequence >= sequence_ ? block.bytes : 0;
    return true;
  }
  [[nodiscard]] bool wants_more() const {
    return blocks_.empty() || (records_ < limits_.records_max && bytes_ < limits_.bytes_max);
  }
  // Where the next block begins, at the earliest.
  [[nodiscard]] uint64_t next_sequence() const {
    return blocks_.empty() ? sequence_ : blocks_.back().end_sequence();
  }
  [[nodiscard]] const std::vector<IndexedBlock>& blocks() const { return blocks_; }
  std::vector<IndexedBlock> take() { return std::move(blocks_); }

 private:
  uint64_t sequence_;
  ReadLimits limits_;
  std::vector<IndexedBlock> blocks_;
  size_t records_ = 0;
  size_t bytes_ = 0;
};

}  // namespace millstream::lanes
