#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "journal/journal.h"
#include "lanes/record_index.h"
#include "lanes/retention.h"
#include "lanes/segment_indexes.h"

namespace millstream::lanes {

// Finds a shard's durable records, wherever they stand: the newest segments' blocks in memory
// (RecordIndex), older ones' in index files. Hides those that are older than their retention.
//
// Operation: each look-up has a form that asks memory alone and gives nothing if that isn't enough,
// and a form that asks the files too. Blocks leave memory segment by segment, and only once files
// are asked for that segment; a look-up during which that happened is made again.
//
// Threads: any. What returns a Result blocks: not on an executor's thread.
class RecordFinder {
 public:
  // All outlive the finder. Segments up to `filed_through` aren't in memory.
  RecordFinder(std::vector<RecordIndex*> indexes, SegmentIndexes& files, journal::Journal& journal,
               const Retention& retention, const Clock& clock, uint64_t filed_through)
      : indexes_(std::move(indexes)),
        files_(files),
        journal_(journal),
        retention_(retention),
        clock_(clock),
        filed_through_(filed_through) {}

  // The blocks to read from `sequence` on, up to the limits (the last one may go beyond).
  struct Found {
    std::vector<IndexedBlock> blocks;
    uint64_t from = 1;           // where reading begins: later than asked for if those are gone
    uint64_t next_sequence = 1;  // of the shard
  };
  [[nodiscard]] std::optional<Found> find_in_memory(ShardKey shard, uint64_t sequence,
                                                    const ReadLimits& limits);
  Result<Found> find(ShardKey shard, uint64_t sequence, const ReadLimits& limits);

  // The first readable sequence that arrived at or after `arrival_ms`; where the shard goes on if
  // there is none.
  [[nodiscard]] std::optional<uint64_t> sequence_at_in_memory(ShardKey shard, int64_t arrival_ms);
  Result<uint64_t> sequence_at(ShardKey shard, int64_t arrival_ms);

  // Segments up to this one are looked up in their files.
  [[nodiscard]] uint64_t filed_through() const { return filed_through_.load(); }
  // Has segments up to `segment` looked up in their files, and their blocks leave memory. They are
  // sealed, and all their blocks are in the index. One call at a time.
  Result<> drop_from_memory(uint64_t segment);

 private:
  struct Place {
    size_t segment;  // in a list of segments
    ShardExtent extent;
  };

  RecordIndex& index_of(ShardKey shard);
  [[nodiscard]] Wanted wanted_from(ShardKey shard, uint64_t sequence, int64_t arrival_ms) const;
  [[nodiscard]] static Found found_from(FoundBlocks found, uint64_t sequence);
  Result<FoundBlocks> find_everywhere(ShardKey shard, const Wanted& wanted,
                                      const ReadLimits& limits);
  // The sealed segments that files are asked for, and that hold anything.
  [[nodiscard]] std::vector<journal::SegmentInfo> filed_segments(uint64_t through) const;
  Result<> collect_from_files(const std::vector<journal::SegmentInfo>& segments, ShardKey shard,
                              const Wanted& wanted, BlockCollector* collector, bool* reached_end);
  // The first segment with a wanted block of the shard.
  Result<std::optional<Place>> first_place(const std::vector<journal::SegmentInfo>& segments,
                                           ShardKey shard, const Wanted& wanted);
  // The first segment in [begin, end) with blocks of the shard.
  Result<std::optional<Place>> next_place(const std::vector<journal::SegmentInfo>& segments,
                                          size_t begin, size_t end, ShardKey shard);

  const std::vector<RecordIndex*> indexes_;  // by lane
  SegmentIndexes& files_;
  journal::Journal& journal_;
  const Retention& retention_;
  const Clock& clock_;
  std::atomic<uint64_t> filed_through_;
};

}  // namespace millstream::lanes
