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
};

// The number of lanes of this store; `lane_count` is written if the store is new. Fails with
// kCorruption when a new store stands beside a journal that doesn't hold everything any more (what
// it lacks was in the store that is gone), or an older store beside a new journal.
Result<size_t> read_or_write_lane_count(journal::Journal& journal, store::Store& store,
                                        size_t lane_count);
// Writes the checkpoint, then flushes: afterwards everything that was applied before
// `checkpoint.replay_from` is on stable storage.
Result<> write_checkpoint(store::Store& store, const Checkpoint& checkpoint);
// Keeps sequences from being given out again once the journal's memory of them is trimmed. Durable
// on return.
Result<> write_floors(store::Store& store,
                      const std::vector<std::pair<ShardKey, uint64_t>>& floors);

struct Recovered {
  std::vector<std::unique_ptr<RecordIndex>> indexes;  // by lane
  std::vector<uint64_t> next_numbers;                 // by lane
};
// Replays the journal: every frame into the index, and those behind the checkpoint into the store.
// Effects are images, so what the store already had of them does no harm.
Result<Recovered> recover(journal::Journal& journal, store::Store& store, size_t lane_count);

// The lane that holds a shard.
LaneId lane_of_shard(ShardKey shard, size_t lane_count);
LaneId lane_of_hash(uint64_t hash, size_t lane_count);

}  // namespace millstream::lanes
