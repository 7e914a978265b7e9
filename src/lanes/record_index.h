#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "journal/journal.h"
#include "lanes/effects.h"
#include "lanes/lanes.h"

namespace millstream::lanes {

using journal::Position;

struct ShardKeyHash {
  size_t operator()(const ShardKey& key) const {
    return (key.stream + key.shard) * 0x9e3779b97f4a7c15ULL;
  }
};

// Where a run of a shard's records stands in the journal.
struct IndexedBlock {
  uint64_t first_sequence;
  int64_t arrival_ms;
  Position frame;
  uint32_t offset;  // of the block in the frame's payload
  uint32_t count;
  uint32_t bytes;
  [[nodiscard]] uint64_t end_sequence() const { return first_sequence + count; }
};

// Finds the durable records of one lane's shards: an entry for each block, in memory, made again
// from the journal at every start. Knows how long records are kept and hides those that are older;
// wakes those who wait for a record.
//
// Cost: about 40 bytes for each block (one transaction's records of one shard); the alternative, a
// key for each block in the state store, costs a memtable insertion for each on the hottest path.
//
// Thread-safe: one mutex, held for a look-up only.
class RecordIndex {
 public:
  // Calls back with true when the record is there, with false when the index stops.
  using Waiter = std::function<void(bool)>;
  using WaiterId = uint64_t;

  void add(const RecordBlock& block, Position frame);
  // The first sequence that the shard will give out, as far as trimmed records tell.
  void set_floor(ShardKey shard, uint64_t next_sequence);

  [[nodiscard]] ShardBounds bounds(ShardKey shard, int64_t now_ms);
  // The blocks to read from `sequence` on, up to the limits (the last one may go beyond).
  struct Found {
    std::vector<IndexedBlock> blocks;
    ShardBounds bounds;
  };
  [[nodiscard]] Found find(ShardKey shard, uint64_t sequence, const ReadLimits& limits,
                           int64_t now_ms);
  [[nodiscard]] uint64_t sequence_at(ShardKey shard, int64_t arrival_ms, int64_t now_ms);
  [[nodiscard]] int64_t last_arrival_ms(ShardKey shard);

  // Nothing is returned, and the waiter dropped, if the record is there already.
  std::optional<WaiterId> wait(ShardKey shard, uint64_t sequence, Waiter waiter);
  void forget(ShardKey shard, WaiterId waiter);
  void stop();

  void set_retention(uint64_t stream, int64_t retention_ms);
  // From now on a stream without a retention is one that was deleted.
  void set_retention_complete();
  // Whether the block's records may still be read.
  [[nodiscard]] bool is_live(const RecordBlock& block, int64_t now_ms);

  // Frames of a segment moved (rewrite) or went away (positions absent from `moved`).
  void relocate(uint64_t segment, const std::map<Position, Position>& moved);
  // Every shard's next sequence that has blocks in `segment`: to be kept as floors before it goes.
  [[nodiscard]] std::vector<std::pair<ShardKey, uint64_t>> floors(uint64_t segment);

 private:
  struct WaitingReader {
    WaiterId id;
    uint64_t sequence;
    Waiter waiter;
  };
  struct Shard {
    std::deque<IndexedBlock> blocks;
    uint64_t next = 1;
    int64_t last_arrival_ms = 0;
    std::vector<WaitingReader> waiters;
  };

  Shard& shard_of(ShardKey key) { return shards_[key]; }
  [[nodiscard]] bool expired(uint64_t stream, int64_t arrival_ms, int64_t now_ms) const;
  void drop_expired(ShardKey key, Shard& shard, int64_t now_ms);

  std::mutex mutex_;
  // All below is guarded by mutex_.
  std::unordered_map<ShardKey, Shard, ShardKeyHash> shards_;
  std::unordered_map<uint64_t, int64_t> retention_ms_;
  bool retention_complete_ = false;
  bool stopped_ = false;
  WaiterId next_waiter_ = 1;
};

}  // namespace millstream::lanes
