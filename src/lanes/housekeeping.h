#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "journal/journal.h"
#include "lanes/lane_host.h"
#include "lanes/record_finder.h"
#include "lanes/record_index.h"
#include "lanes/retention.h"
#include "lanes/segment_indexes.h"
#include "store/store.h"

namespace millstream::lanes {

// What keeps replay short, memory small and the log as small as retention allows: flushing the
// state now and then, moving the index of sealed segments into files, and removing segments that
// nothing needs.
//
// Blocks: not on an executor's thread. One call at a time, but for `stop`.
class Housekeeping {
 public:
  struct Parts {  // all outlive it
    journal::Journal& journal;
    store::Store& store;
    Clock& clock;
    std::vector<RecordIndex*> indexes;  // by lane
    SegmentIndexes& files;
    RecordFinder& finder;
    const Retention& retention;
  };
  explicit Housekeeping(Parts parts)
      : parts_(std::move(parts)), indexed_through_(parts_.finder.filed_through()) {}

  // Flushes the state with what the hosts have told since.
  Result<> flush(const std::vector<LaneHost::Progress>& progress);

  // Whether there is something for `index` to do.
  [[nodiscard]] bool index_is_due() const;
  // Writes the index files of the segments that were sealed since and that the hosts are done with,
  // and looks into some of the older ones, so that all are known after a while.
  Result<> index(const std::vector<LaneHost::Progress>& progress);

  // Removes each sealed, flushed segment without a live record, and rewrites one of which at least
  // half is dead, so that a few long-lived records don't hold the rest. What they hold is known
  // from their indexes; only a segment that is rewritten is read. Returns the shards of deleted
  // streams, of which nothing is known any more.
  Result<std::vector<ShardKey>> trim();

  // Has what is under way end soon. From any thread.
  void stop() { stopping_ = true; }

 private:
  // What a segment's index tells of it as a whole.
  struct Summary {
    uint64_t generation = 0;
    uint64_t payload_bytes = 0;
    std::vector<StreamUsage> streams;
    uint64_t rewritten_for_bytes = 0;  // how much was live when it was last rewritten
  };

  [[nodiscard]] journal::Position applied(const std::vector<LaneHost::Progress>& progress) const;
  // Makes sure that the segment has its index file, and keeps what that tells of it as a whole.
  // `contents`: as for SegmentIndexes::keep.
  Result<> summarize(const journal::SegmentInfo& segment,
                     const SegmentIndexes::Contents& contents = nullptr);
  [[nodiscard]] bool is_summarized(const journal::SegmentInfo& segment) const;
  [[nodiscard]] uint64_t live_bytes(const Summary& summary, int64_t now_ms) const;
  Result<> trim(const journal::SegmentInfo& segment, int64_t now_ms);
  Result<> remove(uint64_t segment);
  Result<> rewrite(uint64_t segment, int64_t now_ms);
  [[nodiscard]] bool has_live_record(const journal::FrameView& frame, int64_t now_ms) const;
  Result<std::vector<ShardKey>> forget_deleted_streams();

  const Parts parts_;
  std::atomic<bool> stopping_{false};
  std::atomic<uint64_t> indexed_through_;  // segments up to this one have files
  std::atomic<bool> all_summarized_{false};
  journal::Position flushed_;
  std::map<uint64_t, Summary> summaries_;  // by segment
};

}  // namespace millstream::lanes
