#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/mix.h"
#include "journal/journal.h"
#include "lanes/effects.h"
#include "lanes/indexed_block.h"
#include "lanes/lanes.h"

namespace millstream::lanes {

using journal::Position;

struct ShardKeyHash {
  size_t operator()(const ShardKey& key) const { return (key.stream + key.shard) * kMixStep; }
};

// Where a shard goes on.
struct ShardEnd {
  uint64_t next_sequence = 1;
  int64_t last_arrival_ms = 0;
  bool sealed = false;  // in memory only
};

// What a look-up in memory gives.
struct FoundBlocks {
  std::vector<IndexedBlock> blocks;
  uint64_t next_sequence = 1;  // of the shard
  // Whether a wanted block may stand in front of these, in a segment that only a file tells of.
  bool others_in_files = false;
};

// What memory knows of the durable records of one lane's shards: where each shard goes on, and an
// entry for each block of the newest segments. Older segments' blocks stand in index files
// (lanes/record_finder.h brings both together). Wakes those who wait for a record.
//
// Cost: about 150 bytes for each shard, and 48 for each block of the newest segments.
//
// Thread-safe: one mutex, held for a look-up only; commits of the lane take it too.
class RecordIndex {
 public:
  // Calls back with true when the record is there, with false when the index stops.
  using Waiter = std::function<void(bool)>;
  using WaiterId = uint64_t;

  void add(const RecordBlock& block, Position frame);
  // Every frame of the lane, with records or without, is told once.
  void note_frame(Position frame, size_t payload_bytes);
  // The shard goes on there, or later.
  void set_end(ShardKey shard, const ShardEnd& end);

  [[nodiscard]] ShardEnd end(ShardKey shard);
  // Nothing is to be appended to the shard any more.
  void seal(ShardKey shard);
  // The same, and whoever waits for what comes behind the shard's end is told that it doesn't come.
  void end_shard(ShardKey shard);
  [[nodiscard]] FoundBlocks find(ShardKey shard, const Wanted& wanted, const ReadLimits& limits);
  // Nothing in front of `sequence` is readable any more: files needn't be asked for it.
  void set_first(ShardKey shard, uint64_t sequence);
  // Forgets the shard's blocks up to the end of `segment`; files tell of them from now on.
  void drop_blocks(ShardKey shard, uint64_t segment);

  // What memory holds of a segment: payload of the lane's frames, and the shards with blocks in it.
  struct SegmentShare {
    uint64_t payload_bytes = 0;
    std::vector<ShardKey> shards;
  };
  [[nodiscard]] SegmentShare segment_share(uint64_t segment);
  // Appends the shard's blocks in `segment`; for a while at a time, so that commits come between.
  void copy_blocks(ShardKey shard, uint64_t segment, std::vector<IndexedBlock>* blocks);
  // Forgets what segment_share tells of segments up to this one.
  void drop_segment_shares(uint64_t segment);

  // Where the shards go on that were added to since the last call.
  [[nodiscard]] std::vector<std::pair<ShardKey, ShardEnd>> take_changed_ends();
  // They belong to what the next call takes: it wasn't kept.
  void put_back(const std::vector<std::pair<ShardKey, ShardEnd>>& ends);

  [[nodiscard]] std::vector<uint64_t> streams();
  // Forgets what it knows of a stream, but for shards that are waited for. Returns which went.
  std::vector<ShardKey> forget_stream(uint64_t stream);

  // Nothing is returned, and the waiter dropped, if the record is there already or never comes.
  std::optional<WaiterId> wait(ShardKey shard, uint64_t sequence, Waiter waiter);
  void forget(ShardKey shard, WaiterId waiter);
  void stop();

 private:
  struct WaitingReader {
    WaiterId id;
    uint64_t sequence;
    Waiter waiter;
  };
  // A shard's blocks in one segment; at least one.
  struct Run {
    uint64_t segment;
    std::vector<IndexedBlock> blocks;
  };
  struct Shard {
    ShardEnd end;
    uint64_t first = 1;     // nothing in front of it is readable
    std::vector<Run> runs;  // of the newest segments; everything in front of them is in files
    std::vector<WaitingReader> waiters;
    bool changed = false;
    bool ended = false;  // nothing comes behind its end
  };

  Shard& shard_of(ShardKey key);
  void note_change(ShardKey key, Shard& shard);

  std::mutex mutex_;
  // All below is guarded by mutex_.
  std::unordered_map<ShardKey, Shard, ShardKeyHash> shards_;
  std::unordered_map<uint64_t, std::vector<uint32_t>> shards_of_stream_;
  std::vector<ShardKey> changed_;
  std::map<uint64_t, SegmentShare> segment_shares_;
  bool stopped_ = false;
  WaiterId next_waiter_ = 1;
};

}  // namespace millstream::lanes
