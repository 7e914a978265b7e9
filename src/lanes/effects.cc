#include "lanes/effects.h"

#include "base/check.h"
#include "base/coding.h"

namespace millstream::lanes {
namespace {

enum Tag : char { kPut = 1, kErase = 2, kRecords = 3 };

// Behind the tag: stream, shard, first sequence, arrival, count, bytes of the records.
constexpr size_t kCountOffset = 1 + 8 + 4 + 8 + 8;
constexpr size_t kBytesOffset = kCountOffset + 4;
static_assert(kBlockHeaderBytes == kBytesOffset + 4);

Error damaged(const char* what) {
  return Error{ErrorCode::kCorruption, std::string("effects: damaged ") + what};
}

Result<RecordBlock> take_block(ByteReader& reader, uint32_t offset) {
  RecordBlock block;
  const auto stream = reader.little<uint64_t>();
  const auto shard = reader.little<uint32_t>();
  const auto first = reader.little<uint64_t>();
  const auto arrival = reader.little<int64_t>();
  const auto count = reader.little<uint32_t>();
  const auto bytes = reader.little<uint32_t>();
  if (!stream || !shard || !first || !arrival || !count || !bytes) return damaged("block header");
  const auto records = reader.take(*bytes);
  if (!records) return damaged("records");
  block.shard = {*stream, *shard};
  block.first_sequence = *first;
  block.arrival_ms = *arrival;
  block.count = *count;
  block.offset = offset;
  block.records = *records;
  return block;
}

}  // namespace

void EffectsWriter::put(std::string_view key, std::string_view value) {
  frame_->push_back(kPut);
  append_prefixed(key, frame_);
  append_prefixed(value, frame_);
  block_start_ = kNoBlock;
}

void EffectsWriter::erase(std::string_view key) {
  frame_->push_back(kErase);
  append_prefixed(key, frame_);
  block_start_ = kNoBlock;
}

void EffectsWriter::begin_block(ShardKey shard, uint64_t sequence, int64_t arrival_ms) {
  block_start_ = frame_->size();
  block_shard_ = shard;
  block_count_ = 0;
  frame_->push_back(kRecords);
  append_little(shard.stream, frame_);
  append_little(shard.shard, frame_);
  append_little(sequence, frame_);
  append_little(arrival_ms, frame_);
  append_little(uint32_t{0}, frame_);
  append_little(uint32_t{0}, frame_);
}

char* EffectsWriter::append(ShardKey shard, uint64_t sequence, int64_t arrival_ms, size_t size) {
  if (block_start_ == kNoBlock || block_shard_ != shard) begin_block(shard, sequence, arrival_ms);
  append_varint(size, frame_);
  const size_t at = frame_->size();
  frame_->resize(at + size);
  char* block = frame_->data() + block_start_;
  store_little(++block_count_, block + kCountOffset);
  store_little(static_cast<uint32_t>(frame_->size() - block_start_ - kBlockHeaderBytes),
               block + kBytesOffset);
  return frame_->data() + at;
}

Result<> visit_effects(std::string_view payload, EffectsVisitor& visitor) {
  ByteReader reader(payload);
  while (!reader.empty()) {
    const auto offset = static_cast<uint32_t>(payload.size() - reader.rest().size());
    const char tag = reader.take(1)->front();
    if (tag == kPut) {
      const auto key = reader.prefixed();
      const auto value = key ? reader.prefixed() : std::nullopt;
      if (!value) return damaged("put");
      visitor.put(*key, *value);
    } else if (tag == kErase) {
      const auto key = reader.prefixed();
      if (!key) return damaged("erase");
      visitor.erase(*key);
    } else if (tag == kRecords) {
      auto block = take_block(reader, offset);
      if (!block) return block.take_error();
      visitor.block(*block);
    } else {
      return damaged("tag");
    }
  }
  return {};
}

Result<RecordBlock> read_block(std::string_view payload, uint32_t offset) {
  if (offset >= payload.size() || payload[offset] != kRecords) return damaged("block offset");
  ByteReader reader(payload.substr(offset + 1));
  return take_block(reader, offset);
}

}  // namespace millstream::lanes
