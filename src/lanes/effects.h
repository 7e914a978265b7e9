#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lanes/transaction.h"

namespace millstream::lanes {

// What a block takes up in a payload besides its records.
inline constexpr size_t kBlockHeaderBytes = 1 + 8 + 4 + 8 + 8 + 4 + 4;

// A run of records that one transaction appended to one shard, as it stands in a frame's payload.
struct RecordBlock {
  ShardKey shard;
  uint64_t first_sequence = 0;
  int64_t arrival_ms = 0;
  uint32_t count = 0;
  uint32_t offset = 0;       // of the block in the payload
  std::string_view records;  // `count` times a varint size and as many bytes
};

// Writes a transaction's effects into a frame's payload (docs/formats/effects.md). Effects are
// images, not commands, so applying a frame twice is the same as once.
class EffectsWriter {
 public:
  // Writes at the end of `*frame`, which outlives the writer and isn't touched by others meanwhile.
  explicit EffectsWriter(std::string* frame) : frame_(frame), start_(frame->size()) {}

  void put(std::string_view key, std::string_view value);
  void erase(std::string_view key);
  // Adds a record to the block at the end if it is the same shard's next one, else begins a block.
  // Returns where the caller writes `size` bytes before any other call.
  char* append(ShardKey shard, uint64_t sequence, int64_t arrival_ms, size_t size);
  [[nodiscard]] bool empty() const { return frame_->size() == start_; }

 private:
  void begin_block(ShardKey shard, uint64_t sequence, int64_t arrival_ms);

  std::string* frame_;
  size_t start_;
  static constexpr size_t kNoBlock = SIZE_MAX;
  size_t block_start_ = kNoBlock;  // of the block that ends the frame
  ShardKey block_shard_;
  uint32_t block_count_ = 0;
};

class EffectsVisitor {
 public:
  virtual ~EffectsVisitor() = default;
  virtual void put(std::string_view key, std::string_view value) = 0;
  virtual void erase(std::string_view key) = 0;
  virtual void block(const RecordBlock& block) = 0;
};

// Tells `visitor` of every effect in order. Fails with kCorruption on bytes that no writer makes;
// effects before that place were told.
Result<> visit_effects(std::string_view payload, EffectsVisitor& visitor);

// Reads one block that begins at `offset`.
Result<RecordBlock> read_block(std::string_view payload, uint32_t offset);

}  // namespace millstream::lanes
