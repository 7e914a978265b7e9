#include "lanes/record_finder.h"

#include <algorithm>

#include "lanes/recovery.h"

namespace millstream::lanes {
namespace {

// How many segments without the shard's blocks a read goes through behind those that it found: what
// is further on is for the next read.
constexpr size_t kSegmentsAheadMax = 16;
constexpr ReadLimits kOneBlock{.records_max = 1, .bytes_max = 1};

}  // namespace

RecordIndex& RecordFinder::index_of(ShardKey shard) {
  return *indexes_[lane_of_shard(shard, indexes_.size())];
}

Wanted RecordFinder::wanted_from(ShardKey shard, uint64_t sequence, int64_t arrival_ms) const {
  return {sequence,
          std::max(arrival_ms, retention_.oldest_kept_ms(shard.stream, clock_.wall_ms()))};
}

RecordFinder::Found RecordFinder::found_from(FoundBlocks found, uint64_t sequence) {
  const uint64_t first =
      found.blocks.empty() ? found.next_sequence : found.blocks.front().first_sequence;
  return {std::move(found.blocks), std::max(sequence, first), found.next_sequence};
}

std::optional<RecordFinder::Found> RecordFinder::find_in_memory(ShardKey shard, uint64_t sequence,
                                                                const ReadLimits& limits) {
  FoundBlocks found = index_of(shard).find(shard, wanted_from(shard, sequence, INT64_MIN), limits);
  if (found.others_in_files) return std::nullopt;
  return found_from(std::move(found), sequence);
}

Result<RecordFinder::Found> RecordFinder::find(ShardKey shard, uint64_t sequence,
                                               const ReadLimits& limits) {
  if (std::optional<Found> found = find_in_memory(shard, sequence, limits))
    return *std::move(found);
  Result<FoundBlocks> found =
      find_everywhere(shard, wanted_from(shard, sequence, INT64_MIN), limits);
  if (!found) return found.take_error();
  Found result = found_from(found.take(), sequence);
  // From the beginning on: what is in front of that is gone for good.
  if (sequence <= 1) index_of(shard).set_first(shard, result.from);
  return result;
}

std::optional<uint64_t> RecordFinder::sequence_at_in_memory(ShardKey shard, int64_t arrival_ms) {
  const FoundBlocks found =
      index_of(shard).find(shard, wanted_from(shard, 0, arrival_ms), kOneBlock);
  if (found.others_in_files) return std::nullopt;
  return found.blocks.empty() ? found.next_sequence : found.blocks.front().first_sequence;
}

Result<uint64_t> RecordFinder::sequence_at(ShardKey shard, int64_t arrival_ms) {
  Result<FoundBlocks> found = find_everywhere(shard, wanted_from(shard, 0, arrival_ms), kOneBlock);
  if (!found) return found.take_error();
  return found->blocks.empty() ? found->next_sequence : found->blocks.front().first_sequence;
}

Result<FoundBlocks> RecordFinder::find_everywhere(ShardKey shard, const Wanted& wanted,
                                                  const ReadLimits& limits) {
  for (;;) {
    const uint64_t through = filed_through();
    BlockCollector collector(wanted.sequence, limits);
    bool reached_end = true;
    Result<> collected =
        collect_from_files(filed_segments(through), shard, wanted, &collector, &reached_end);
    if (!collected) return collected.take_error();
    RecordIndex& index = index_of(shard);
    if (!reached_end || !collector.wants_more()) {
      return FoundBlocks{collector.take(), index.end(shard).next_sequence};
    }
    // Behind what the files gave; if they gave nothing, from where it was asked for.
    FoundBlocks newest = index.find(shard, {collector.next_sequence(), wanted.arrival_ms}, limits);
    // What left memory meanwhile stands in files that weren't asked.
    if (filed_through() != through) continue;
    for (const IndexedBlock& block : newest.blocks) {
      if (!collector.add(block)) break;
    }
    return FoundBlocks{collector.take(), newest.next_sequence};
  }
}

std::vector<journal::SegmentInfo> RecordFinder::filed_segments(uint64_t through) const {
  std::vector<journal::SegmentInfo> segments = journal_.segments();
  std::erase_if(segments, [through](const journal::SegmentInfo& segment) {
    return segment.id > through || segment.is_empty();
  });
  return segments;
}

Result<> RecordFinder::collect_from_files(const std::vector<journal::SegmentInfo>& segments,
                                          ShardKey shard, const Wanted& wanted,
                                          BlockCollector* collector, bool* reached_end) {
  Result<std::optional<Place>> place = first_place(segments, shard, wanted);
  while (place && *place) {
    const size_t segment = (*place)->segment;
    BlockCollector collected = *collector;
    // The extent is the same file's as the blocks: a file that is made again may place them
    // otherwise.
    const auto collect = [&](const IndexFile& index) -> Result<> {
      collected = *collector;
      Result<std::optional<ShardExtent>> extent = index.find(shard);
      if (!extent) return extent.take_error();
      if (!*extent) return {};
      return index.visit_blocks(**extent, wanted,
                                [&](const IndexedBlock& block) { return collected.add(block); });
    };
    Result<> visited = files_.with(segments[segment], collect);
    if (!visited) return visited;
    *collector = std::move(collected);
    if (!collector->wants_more()) return {};
    const size_t begin = segment + 1;
    const size_t end = std::min(segments.size(), begin + kSegmentsAheadMax);
    place = next_place(segments, begin, end, shard);
    if (place && !*place) *reached_end = end == segments.size();
  }
  if (!place) return place.take_error();
  return {};
}

Result<std::optional<RecordFinder::Place>> RecordFinder::next_place(
    const std::vector<journal::SegmentInfo>& segments, size_t begin, size_t end, ShardKey shard) {
  for (size_t i = begin; i < end; ++i) {
    Result<std::optional<ShardExtent>> extent =
        files_.with(segments[i], [shard](const IndexFile& index) { return index.find(shard); });
    if (!extent) return extent.take_error();
    if (*extent) return std::optional(Place{i, **extent});
  }
  return std::optional<Place>();
}

Result<std::optional<RecordFinder::Place>> RecordFinder::first_place(
    const std::vector<journal::SegmentInfo>& segments, ShardKey shard, const Wanted& wanted) {
  std::optional<Place> first;
  size_t begin = 0;
  size_t end = segments.size();
  while (begin < end) {
    const size_t middle = begin + (end - begin) / 2;
    // Segments without the shard tell nothing: the next one with it speaks for them.
    Result<std::optional<Place>> place = next_place(segments, middle, end, shard);
    if (!place) return place;
    if (!*place) {
      end = middle;
    } else if (const ShardExtent& extent = (*place)->extent;
               wanted.begins_behind(extent.next_sequence, extent.last_arrival_ms)) {
      begin = (*place)->segment + 1;
    } else {
      first = **place;
      end = middle;
    }
  }
  return first;
}

Result<> RecordFinder::drop_from_memory(uint64_t segment) {
  for (const journal::SegmentInfo& info : journal_.segments()) {
    if (info.id <= filed_through() || info.id > segment) continue;
    std::vector<ShardKey> shards;
    const auto collect = [&shards](const IndexFile& index) {
      shards.clear();
      return index.visit_shards(
          [&shards](const ShardExtent& extent) { shards.push_back(extent.shard); });
    };
    Result<> visited = info.is_empty() ? Result<>() : files_.with(info, collect);
    if (!visited) return visited;
    filed_through_ = info.id;
    for (const ShardKey shard : shards) index_of(shard).drop_blocks(shard, info.id);
    for (RecordIndex* index : indexes_) index->drop_segment_shares(info.id);
  }
  return {};
}

}  // namespace millstream::lanes
