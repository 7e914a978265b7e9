#include "lanes/housekeeping.h"

#include <algorithm>
#include <map>
#include <utility>

#include "lanes/effects.h"
#include "lanes/recovery.h"

namespace millstream::lanes {
namespace {

constexpr int64_t kLookIntervalMs = 600'000;

class BlockCollector final : public EffectsVisitor {
 public:
  void put(std::string_view, std::string_view) override {}
  void erase(std::string_view) override {}
  void block(const RecordBlock& block) override { blocks.push_back(block); }
  std::vector<RecordBlock> blocks;
};

}  // namespace

Result<> Housekeeping::flush(const std::vector<LaneHost::Progress>& progress) {
  Checkpoint checkpoint{.next_numbers = std::vector<uint64_t>(indexes_.size(), 1)};
  checkpoint.replay_from = journal_.end();
  for (const LaneHost::Progress& host : progress) {
    if (!host.failure.empty()) return {};
    checkpoint.replay_from = std::min(checkpoint.replay_from, host.applied);
    for (const auto& [lane, next] : host.next_numbers) checkpoint.next_numbers[lane] = next;
  }
  Result<> written = write_checkpoint(store_, checkpoint);
  if (written) flushed_ = checkpoint.replay_from;
  return written;
}

bool Housekeeping::has_live_record(const journal::FrameView& frame, int64_t now_ms) {
  BlockCollector collector;
  Result<> visited = visit_effects(frame.payload, collector);
  // What can't be understood is not thrown away.
  if (!visited) return true;
  return std::any_of(
      collector.blocks.begin(), collector.blocks.end(),
      [&](const RecordBlock& block) { return indexes_[frame.lane]->is_live(block, now_ms); });
}

Result<Housekeeping::Usage> Housekeeping::usage(uint64_t segment, int64_t now_ms) {
  Usage usage;
  Result<> visited = journal_.visit_segment(segment, [&](const journal::FrameView& frame) {
    usage.bytes += frame.payload.size();
    if (has_live_record(frame, now_ms)) usage.live_bytes += frame.payload.size();
    return Result<>();
  });
  if (!visited) return visited.take_error();
  return usage;
}

Result<> Housekeeping::trim() {
  const int64_t now_ms = clock_.wall_ms();
  for (const journal::SegmentInfo& segment : journal_.segments()) {
    if (!segment.sealed || segment.id >= flushed_.segment || !due(segment.id, now_ms)) continue;
    auto used = usage(segment.id, now_ms);
    if (!used) return used.take_error();
    if (used->bytes == 0) continue;  // emptied before; it goes with the one in front of it
    Result<> done;
    if (used->live_bytes == 0) {
      done = remove(segment.id);
    } else if (used->live_bytes * 2 < used->bytes) {
      done = rewrite(segment.id, now_ms);
    }
    if (!done) return done;
  }
  return {};
}

bool Housekeeping::due(uint64_t segment, int64_t now_ms) {
  const auto [found, is_new] = looked_at_ms_.try_emplace(segment, now_ms);
  if (!is_new && now_ms - found->second < kLookIntervalMs) return false;
  found->second = now_ms;
  return true;
}

Result<> Housekeeping::keep_floors(uint64_t segment) {
  std::vector<std::pair<ShardKey, uint64_t>> floors;
  for (RecordIndex* index : indexes_) {
    auto of_lane = index->floors(segment);
    floors.insert(floors.end(), of_lane.begin(), of_lane.end());
  }
  return write_floors(store_, floors);
}

Result<> Housekeeping::remove(uint64_t segment) {
  Result<> kept = keep_floors(segment);
  if (!kept) return kept;
  for (RecordIndex* index : indexes_) index->relocate(segment, {});
  looked_at_ms_.erase(segment);
  return journal_.remove_segment(segment);
}

Result<> Housekeeping::rewrite(uint64_t segment, int64_t now_ms) {
  Result<> kept = keep_floors(segment);
  if (!kept) return kept;
  std::map<journal::Position, journal::Position> moved;
  Result<> rewritten = journal_.rewrite_segment(
      segment, [&](const journal::FrameView& frame) { return has_live_record(frame, now_ms); },
      [&](journal::Position from, journal::Position to) { moved.emplace(from, to); });
  if (moved.empty()) return rewritten;
  for (RecordIndex* index : indexes_) index->relocate(segment, moved);
  return rewritten;
}

}  // namespace millstream::lanes
