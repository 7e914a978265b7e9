#include "lanes/recovery.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/coding.h"
#include "base/digest.h"

namespace millstream::lanes {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kLaneCountKey = "\0lanes"sv;
constexpr std::string_view kCheckpointKey = "\0checkpoint"sv;
constexpr std::string_view kEndPrefix = "\0floor/"sv;
constexpr std::string_view kEndPrefixEnd = "\0floor0"sv;
constexpr uint8_t kHasEnds = 1;
constexpr size_t kReplayBatchFrames = 256;

Error damaged(std::string_view key) {
  return Error{ErrorCode::kCorruption, "state store: damaged entry " + std::string(key.substr(1))};
}

Result<Checkpoint> read_checkpoint(store::Store& store, size_t lane_count) {
  Checkpoint checkpoint{.next_numbers = std::vector<uint64_t>(lane_count, 1)};
  auto value = store.get(kCheckpointKey);
  if (!value) return value.take_error();
  if (!*value) return checkpoint;
  ByteReader reader(**value);
  const auto segment = reader.little<uint64_t>();
  const auto offset = reader.little<uint32_t>();
  if (!segment || !offset) return damaged(kCheckpointKey);
  checkpoint.replay_from = {*segment, *offset};
  for (uint64_t& number : checkpoint.next_numbers) {
    const auto next = reader.little<uint64_t>();
    if (!next) return damaged(kCheckpointKey);
    number = *next;
  }
  checkpoint.has_ends = reader.little<uint8_t>() == kHasEnds;
  return checkpoint;
}

// Whether nothing was ever taken from the journal.
bool holds_everything(const journal::Journal& journal) {
  const std::vector<journal::SegmentInfo> segments = journal.segments();
  return segments.front().id == 1 &&
         std::none_of(segments.begin(), segments.end(),
                      [](const journal::SegmentInfo& segment) { return segment.rewritten; });
}

std::string end_key(ShardKey shard) {
  std::string key(kEndPrefix);
  append_big(shard.stream, &key);
  append_big(shard.shard, &key);
  return key;
}

// Earlier versions wrote no arrival.
std::optional<std::pair<ShardKey, ShardEnd>> parse_end(std::string_view key,
                                                       std::string_view value) {
  ByteReader names(key.substr(kEndPrefix.size()));
  const auto stream = names.big<uint64_t>();
  const auto shard = names.big<uint32_t>();
  ByteReader values(value);
  const auto next = values.little<uint64_t>();
  const auto arrival = values.empty() ? int64_t{0} : values.little<int64_t>();
  if (!stream || !shard || !names.empty() || !next || !arrival || !values.empty()) {
    return std::nullopt;
  }
  return std::pair{ShardKey{*stream, *shard}, ShardEnd{*next, *arrival}};
}

Result<> read_ends(store::Store& store, std::vector<std::unique_ptr<RecordIndex>>& indexes) {
  bool whole = true;
  Result<> scanned = store.scan(
      {std::string(kEndPrefix), std::string(kEndPrefixEnd)}, store::Store::Reach::kDisk,
      [&](std::string_view key, std::string_view value) {
        const auto end = parse_end(key, value);
        whole = end.has_value();
        if (!whole) return false;
        indexes[lane_of_shard(end->first, indexes.size())]->set_end(end->first, end->second);
        return true;
      });
  if (!scanned) return scanned;
  if (!whole) return damaged(kEndPrefix);
  return {};
}

// Puts one frame after the other into index and store.
class Replayer final : public EffectsVisitor {
 public:
  Replayer(store::Store& store, Recovered& recovered, journal::Position apply_from)
      : store_(store), recovered_(recovered), apply_from_(apply_from), batch_(store.new_batch()) {}

  Result<> frame(const journal::FrameView& frame) {
    if (frame.lane >= recovered_.indexes.size()) {
      return Error{ErrorCode::kCorruption, "journal: a frame of lane " +
                                               std::to_string(frame.lane) + ", which isn't there"};
    }
    uint64_t& next = recovered_.next_numbers[frame.lane];
    next = std::max(next, frame.number + 1);
    index_ = recovered_.indexes[frame.lane].get();
    position_ = frame.position;
    index_->note_frame(position_, frame.payload.size());
    apply_ = frame.position >= apply_from_;
    Result<> visited = visit_effects(frame.payload, *this);
    if (!visited) return visited;
    if (++frames_ % kReplayBatchFrames == 0) return apply_batch();
    return {};
  }
  Result<> apply_batch() {
    if (batch_->empty()) return {};
    Result<> applied = store_.apply(*batch_);
    batch_ = store_.new_batch();
    return applied;
  }

  void put(std::string_view key, std::string_view value) override {
    if (apply_) batch_->put(key, value);
  }
  void erase(std::string_view key) override {
    if (apply_) batch_->erase(key);
  }
  void block(const RecordBlock& block) override { index_->add(block, position_); }

 private:
  store::Store& store_;
  Recovered& recovered_;
  const journal::Position apply_from_;
  std::unique_ptr<store::Batch> batch_;
  RecordIndex* index_ = nullptr;
  journal::Position position_;
  bool apply_ = false;
  size_t frames_ = 0;
};

}  // namespace

LaneId lane_of_hash(uint64_t hash, size_t lane_count) {
  // The top bits, scaled: the same as a shift when the count is a power of two.
  return static_cast<LaneId>((static_cast<unsigned __int128>(hash) * lane_count) >> 64);
}

LaneId lane_of_shard(ShardKey shard, size_t lane_count) {
  std::string bytes;
  append_big(shard.stream, &bytes);
  const auto first = lane_of_hash(stable_hash(bytes), lane_count);
  // Neighbouring shards of a stream stand in neighbouring lanes, so they spread evenly.
  return static_cast<LaneId>((first + shard.shard) % lane_count);
}

Result<size_t> read_or_write_lane_count(journal::Journal& journal, store::Store& store,
                                        size_t lane_count) {
  auto value = store.get(kLaneCountKey);
  if (!value) return value.take_error();
  if (*value) {
    if ((*value)->size() != 4) return damaged(kLaneCountKey);
    if (journal.epoch() == 1) {
      return Error{ErrorCode::kCorruption,
                   "the journal is new, but the state store beside it isn't: the log was deleted"};
    }
    return static_cast<size_t>(load_little<uint32_t>((*value)->data()));
  }
  if (!holds_everything(journal)) {
    return Error{
        ErrorCode::kCorruption,
        "the state store is empty, but the journal beside it isn't the whole log any more: "
        "the state was deleted"};
  }
  std::string bytes;
  append_little(static_cast<uint32_t>(lane_count), &bytes);
  const auto batch = store.new_batch();
  batch->put(kLaneCountKey, bytes);
  Result<> applied = store.apply(*batch);
  if (!applied) return applied.take_error();
  Result<> flushed = store.flush();
  if (!flushed) return flushed.take_error();
  return lane_count;
}

Result<> write_checkpoint(store::Store& store, const Checkpoint& checkpoint,
                          const ShardEnds& ends) {
  const auto batch = store.new_batch();
  for (const auto& [shard, end] : ends) {
    std::string value;
    append_little(end.next_sequence, &value);
    append_little(end.last_arrival_ms, &value);
    batch->put(end_key(shard), value);
  }
  std::string bytes;
  append_little(checkpoint.replay_from.segment, &bytes);
  append_little(checkpoint.replay_from.offset, &bytes);
  for (uint64_t number : checkpoint.next_numbers) append_little(number, &bytes);
  append_little(uint8_t{checkpoint.has_ends ? kHasEnds : uint8_t{0}}, &bytes);
  batch->put(kCheckpointKey, bytes);
  Result<> applied = store.apply(*batch);
  if (!applied) return applied;
  return store.flush();
}

Result<> erase_ends(store::Store& store, const std::vector<ShardKey>& shards) {
  if (shards.empty()) return {};
  const auto batch = store.new_batch();
  for (const ShardKey shard : shards) batch->erase(end_key(shard));
  return store.apply(*batch);
}

Result<Recovered> recover(journal::Journal& journal, store::Store& store, size_t lane_count) {
  auto checkpoint = read_checkpoint(store, lane_count);
  if (!checkpoint) return checkpoint.take_error();
  Recovered recovered;
  recovered.next_numbers = checkpoint->next_numbers;
  recovered.replayed_from = checkpoint->replay_from;
  for (size_t i = 0; i < lane_count; ++i) {
    recovered.indexes.push_back(std::make_unique<RecordIndex>());
  }
  Result<> ends = read_ends(store, recovered.indexes);
  if (!ends) return ends.take_error();
  journal::Position index_from;
  if (checkpoint->has_ends && checkpoint->replay_from.segment > 0) {
    index_from.segment = checkpoint->replay_from.segment;
    recovered.filed_through = index_from.segment - 1;
  }
  Replayer replayer(store, recovered, checkpoint->replay_from);
  Result<> replayed = journal.replay(
      index_from, [&replayer](const journal::FrameView& frame) { return replayer.frame(frame); });
  if (!replayed) return replayed.take_error();
  Result<> applied = replayer.apply_batch();
  if (!applied) return applied.take_error();
  return recovered;
}

}  // namespace millstream::lanes
