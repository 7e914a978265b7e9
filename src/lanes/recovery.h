#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "journal/journal.h"
#include "lanes/record_index.h"
#include "store/store.h"

namespace millstream::lanes {

// What the lanes themselves keep in the state store, below the byte 0 (docs/formats/state.md): the
// number of lanes, from where the journal must be replayed, how far each lane's frames and each
// shard's sequences have been counted.
struct Checkpoint {
  journal::Position replay_from;
  std::vector<uint64_t> next_numbers;  // by lane; a lower bound
  // Whether the store tells where each shard goes on that has records before `replay_from`.
  bool has_ends = false;
};
using ShardEnds = std::vector<std::pair<ShardKey, ShardEnd>>;

// The number of lanes of this store; `lane_count` is written if the store is new. Fails with
// kCorruption when a new store stands beside a journal that doesn't hold everything any more (what
// it lacks was in the store that is gone), or an older store beside a new journal.
Result<size_t> read_or_write_lane_count(journal::Journal& journal, store::Store& store,
                                        size_t lane_count);
// Writes the checkpoint and where shards go on that changed since the last one, then flushes:
// afterwards everything that was applied before `checkpoint.replay_from` is on stable storage.
Result<> write_checkpoint(store::Store& store, const Checkpoint& checkpoint, const ShardEnds& ends);
// Forgets where shards of deleted streams went on. Durable with the next flush.
Result<> erase_ends(store::Store& store, const std::vector<ShardKey>& shards);

struct Recovered {
  std::vector<std::unique_ptr<RecordIndex>> indexes;  // by lane
  std::vector<uint64_t> next_numbers;                 // by lane
  journal::Position replayed_from;
  uint64_t filed_through = 0;  // the blocks of segments up to this one aren't in the indexes
};
// Replays the journal from the checkpoint on: the frames of its segment and of later ones into the
// index, and those behind the checkpoint into the store. Effects are images, so what the store
// already had of them does no harm. If the store doesn't tell where shards go on, as those of
// earlier versions, the whole journal is read.
Result<Recovered> recover(journal::Journal& journal, store::Store& store, size_t lane_count);

// The lane that holds a shard.
LaneId lane_of_shard(ShardKey shard, size_t lane_count);
LaneId lane_of_hash(uint64_t hash, size_t lane_count);

}  // namespace millstream::lanes
