#include "lanes/housekeeping.h"

#include <algorithm>
#include <utility>

#include "lanes/effects.h"
#include "lanes/index_builder.h"
#include "lanes/recovery.h"

namespace millstream::lanes {
namespace {

// Blocks of the newest sealed segments stay in memory beside their files: readers near the tip find
// them there without waiting for another thread.
constexpr uint64_t kSealedSegmentsInMemory = 2;
// Older segments that are looked into at a time; one without a file is read for that.
constexpr size_t kSummariesAtATime = 8;

class FrameBlocks final : public EffectsVisitor {
 public:
  void put(std::string_view, std::string_view) override {}
  void erase(std::string_view) override {}
  void block(const RecordBlock& block) override { blocks.push_back(block); }
  std::vector<RecordBlock> blocks;
};

}  // namespace

journal::Position Housekeeping::applied(const std::vector<LaneHost::Progress>& progress) const {
  journal::Position applied = parts_.journal.end();
  for (const LaneHost::Progress& host : progress) applied = std::min(applied, host.applied);
  return applied;
}

Result<> Housekeeping::flush(const std::vector<LaneHost::Progress>& progress) {
  Checkpoint checkpoint{.replay_from = applied(progress),
                        .next_numbers = std::vector<uint64_t>(parts_.indexes.size(), 1),
                        .has_ends = true};
  for (const LaneHost::Progress& host : progress) {
    if (!host.failure.empty()) return {};
    for (const auto& [lane, next] : host.next_numbers) checkpoint.next_numbers[lane] = next;
  }
  std::vector<ShardEnds> changed;  // by lane
  ShardEnds ends;
  for (RecordIndex* index : parts_.indexes) {
    changed.push_back(index->take_changed_ends());
    ends.insert(ends.end(), changed.back().begin(), changed.back().end());
  }
  Result<> written = write_checkpoint(parts_.store, checkpoint, ends);
  if (written) {
    flushed_ = checkpoint.replay_from;
    return written;
  }
  for (size_t lane = 0; lane < changed.size(); ++lane) {
    parts_.indexes[lane]->put_back(changed[lane]);
  }
  return written;
}

bool Housekeeping::index_is_due() const {
  return !all_summarized_ || parts_.journal.end().segment > indexed_through_ + 1;
}

Result<> Housekeeping::index(const std::vector<LaneHost::Progress>& progress) {
  for (const LaneHost::Progress& host : progress) {
    if (!host.failure.empty()) return {};
  }
  const uint64_t end = applied(progress).segment;
  size_t left = kSummariesAtATime;
  bool all = true;
  Result<> outcome;
  for (const journal::SegmentInfo& segment : parts_.journal.segments()) {
    if (stopping_ || segment.id >= end) break;
    const bool is_new = segment.id > indexed_through_;
    if (!is_summarized(segment) && (is_new || left > 0)) {
      if (!is_new) --left;
      const auto contents = [&] { return contents_in_memory(parts_.indexes, segment); };
      Result<> summarized = is_new ? summarize(segment, contents) : summarize(segment);
      // A damaged segment doesn't hold up the others.
      if (!summarized && summarized.error().code != ErrorCode::kCorruption) return summarized;
      if (!summarized) outcome = std::move(summarized);
    }
    all = all && is_summarized(segment);
    if (is_new) indexed_through_ = segment.id;
  }
  all_summarized_ = all;
  const uint64_t indexed = indexed_through_;
  if (!outcome || indexed <= kSealedSegmentsInMemory) return outcome;
  return parts_.finder.drop_from_memory(indexed - kSealedSegmentsInMemory);
}

bool Housekeeping::is_summarized(const journal::SegmentInfo& segment) const {
  if (segment.is_empty()) return true;
  const auto found = summaries_.find(segment.id);
  return found != summaries_.end() && found->second.generation == segment.generation;
}

Result<> Housekeeping::summarize(const journal::SegmentInfo& segment,
                                 const SegmentIndexes::Contents& contents) {
  Result<std::shared_ptr<const IndexFile>> kept = parts_.files.keep(segment, contents);
  if (!kept) return kept.take_error();
  Summary summary{.generation = segment.generation};
  Result<std::vector<StreamUsage>> streams =
      parts_.files.with(segment, [&summary](const IndexFile& index) {
        summary.payload_bytes = index.payload_bytes();
        return index.streams();
      });
  if (!streams) return streams.take_error();
  summary.streams = streams.take();
  summaries_.insert_or_assign(segment.id, std::move(summary));
  return {};
}

uint64_t Housekeeping::live_bytes(const Summary& summary, int64_t now_ms) const {
  uint64_t bytes = 0;
  for (const StreamUsage& usage : summary.streams) {
    if (parts_.retention.is_kept(usage.stream, usage.last_arrival_ms, now_ms)) bytes += usage.bytes;
  }
  return bytes;
}

Result<std::vector<ShardKey>> Housekeeping::trim() {
  const int64_t now_ms = parts_.clock.wall_ms();
  for (const journal::SegmentInfo& segment : parts_.journal.segments()) {
    if (stopping_ || segment.id >= flushed_.segment) break;
    if (segment.is_empty() || !is_summarized(segment)) continue;
    Result<> done = trim(segment, now_ms);
    if (!done) return done.take_error();
  }
  return forget_deleted_streams();
}

Result<> Housekeeping::trim(const journal::SegmentInfo& segment, int64_t now_ms) {
  Summary& summary = summaries_.at(segment.id);
  const uint64_t live = live_bytes(summary, now_ms);
  const bool remove = live == 0;
  // Frames of which only a part is dead stay whole: without a change since, nothing would be won.
  const bool rewrite =
      !remove && live * 2 < summary.payload_bytes && live != summary.rewritten_for_bytes;
  if (!remove && !rewrite) return {};
  // Memory holds no positions in a segment that changes.
  Result<> dropped = parts_.finder.drop_from_memory(segment.id);
  if (!dropped) return dropped;
  if (remove) return this->remove(segment.id);
  Result<> rewritten = this->rewrite(segment.id, now_ms);
  if (rewritten) summaries_.at(segment.id).rewritten_for_bytes = live;
  return rewritten;
}

Result<> Housekeeping::remove(uint64_t segment) {
  Result<> removed = parts_.journal.remove_segment(segment);
  if (!removed) return removed;
  summaries_.erase(segment);
  return parts_.files.remove(segment);
}

bool Housekeeping::has_live_record(const journal::FrameView& frame, int64_t now_ms) const {
  FrameBlocks of_frame;
  Result<> visited = visit_effects(frame.payload, of_frame);
  // What can't be understood is not thrown away.
  if (!visited) return true;
  return std::any_of(of_frame.blocks.begin(), of_frame.blocks.end(), [&](const RecordBlock& block) {
    return parts_.retention.is_kept(block.shard.stream, block.arrival_ms, now_ms);
  });
}

Result<> Housekeeping::rewrite(uint64_t segment, int64_t now_ms) {
  all_summarized_ = false;
  Result<> rewritten = parts_.journal.rewrite_segment(
      segment, [&](const journal::FrameView& frame) { return has_live_record(frame, now_ms); },
      [](journal::Position, journal::Position) {});
  if (!rewritten) return rewritten;
  Result<> stale = parts_.files.remove(segment);
  if (!stale) return stale;
  for (const journal::SegmentInfo& info : parts_.journal.segments()) {
    if (info.id == segment) return summarize(info);
  }
  return {};
}

Result<std::vector<ShardKey>> Housekeeping::forget_deleted_streams() {
  std::vector<ShardKey> forgotten;
  for (RecordIndex* index : parts_.indexes) {
    for (const uint64_t stream : index->streams()) {
      if (!parts_.retention.is_deleted(stream)) continue;
      const std::vector<ShardKey> shards = index->forget_stream(stream);
      forgotten.insert(forgotten.end(), shards.begin(), shards.end());
    }
  }
  Result<> erased = erase_ends(parts_.store, forgotten);
  if (!erased) return erased.take_error();
  return forgotten;
}

}  // namespace millstream::lanes
