#include "lanes/index_builder.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "lanes/effects.h"

namespace millstream::lanes {
namespace {

// Gathers the blocks of frame after frame.
class Gatherer final : public EffectsVisitor {
 public:
  struct ShardBlock {
    ShardKey shard;
    IndexedBlock block;
  };

  Result<> frame(const journal::FrameView& frame) {
    position_ = frame.position;
    payload_bytes_ += frame.payload.size();
    return visit_effects(frame.payload, *this);
  }
  void put(std::string_view, std::string_view) override {}
  void erase(std::string_view) override {}
  void block(const RecordBlock& block) override {
    blocks_.push_back({block.shard,
                       {block.first_sequence, block.arrival_ms, position_, block.offset,
                        block.count, static_cast<uint32_t>(block.records.size())}});
  }

  [[nodiscard]] uint64_t payload_bytes() const { return payload_bytes_; }
  // By shard; a shard's blocks as the log has them, which is the order of their sequences.
  std::vector<ShardBlock> take_sorted() {
    std::stable_sort(blocks_.begin(), blocks_.end(),
                     [](const ShardBlock& a, const ShardBlock& b) { return a.shard < b.shard; });
    return std::move(blocks_);
  }

 private:
  journal::Position position_;
  uint64_t payload_bytes_ = 0;
  std::vector<ShardBlock> blocks_;
};

void count(const ShardKey& shard, const IndexedBlock& block, SegmentContents* contents) {
  if (contents->streams.empty() || contents->streams.back().stream != shard.stream) {
    contents->streams.push_back({shard.stream, 0, block.arrival_ms});
  }
  StreamUsage& usage = contents->streams.back();
  usage.bytes += kBlockHeaderBytes + block.bytes;
  usage.last_arrival_ms = std::max(usage.last_arrival_ms, block.arrival_ms);
  if (contents->shards.empty() || contents->shards.back().shard != shard) {
    contents->shards.push_back({.shard = shard, .first_block = contents->blocks.size()});
  }
  ShardExtent& extent = contents->shards.back();
  ++extent.block_count;
  extent.next_sequence = block.end_sequence();
  extent.last_arrival_ms = block.arrival_ms;
  contents->blocks.push_back(block);
}

}  // namespace

Result<SegmentContents> read_segment_contents(journal::Journal& journal,
                                              const journal::SegmentInfo& segment) {
  Gatherer gatherer;
  const auto generation = static_cast<uint32_t>(segment.generation);
  Result<> visited =
      journal.visit_segment(segment.id, [&](const journal::FrameView& frame) -> Result<> {
        if (frame.position.generation == generation) return gatherer.frame(frame);
        return Error{ErrorCode::kNotFound, "the segment was rewritten"};
      });
  if (!visited) {
    return visited.take_error().in("segment " + std::to_string(segment.id));
  }
  SegmentContents contents{.segment = segment.id,
                           .generation = segment.generation,
                           .payload_bytes = gatherer.payload_bytes()};
  for (const Gatherer::ShardBlock& block : gatherer.take_sorted()) {
    count(block.shard, block.block, &contents);
  }
  return contents;
}

SegmentContents contents_in_memory(const std::vector<RecordIndex*>& indexes,
                                   const journal::SegmentInfo& segment) {
  SegmentContents contents{.segment = segment.id, .generation = segment.generation};
  std::vector<std::pair<ShardKey, RecordIndex*>> shards;
  for (RecordIndex* index : indexes) {
    const RecordIndex::SegmentShare share = index->segment_share(segment.id);
    contents.payload_bytes += share.payload_bytes;
    for (const ShardKey shard : share.shards) shards.emplace_back(shard, index);
  }
  std::sort(shards.begin(), shards.end());
  // One that was forgotten and came again is named twice.
  shards.erase(std::unique(shards.begin(), shards.end()), shards.end());
  std::vector<IndexedBlock> blocks;
  for (const auto& [shard, index] : shards) {
    blocks.clear();
    index->copy_blocks(shard, segment.id, &blocks);
    for (const IndexedBlock& block : blocks) count(shard, block, &contents);
  }
  return contents;
}

}  // namespace millstream::lanes
