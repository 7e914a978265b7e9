#include "lanes/record_reader.h"

#include <algorithm>
#include <utility>

#include "base/coding.h"

namespace millstream::lanes {
namespace {

// Adds records up to the limits.
class BatchBuilder {
 public:
  BatchBuilder(uint64_t sequence, const ReadLimits& limits) : limits_(limits) {
    batch_.next_sequence = sequence;
  }

  // False when a limit is reached: nothing more is wanted.
  Result<bool> add(const RecordBlock& block, std::shared_ptr<const std::string> owner) {
    ByteReader reader(block.records);
    bool used = false;
    for (uint32_t i = 0; i < block.count; ++i) {
      const auto payload = reader.prefixed();
      if (!payload) return Error{ErrorCode::kCorruption, "effects: damaged record"};
      const uint64_t sequence = block.first_sequence + i;
      if (sequence < batch_.next_sequence) continue;
      if (!fits(payload->size())) return false;
      bytes_ += payload->size();
      batch_.records.push_back({sequence, block.arrival_ms, *payload});
      batch_.next_sequence = sequence + 1;
      if (!std::exchange(used, true)) batch_.owners.push_back(std::move(owner));
    }
    return true;
  }
  RecordBatch take() { return std::move(batch_); }

 private:
  [[nodiscard]] bool fits(size_t payload_bytes) const {
    if (batch_.records.empty()) return true;
    return batch_.records.size() < limits_.records_max &&
           bytes_ + payload_bytes <= limits_.bytes_max;
  }

  const ReadLimits limits_;
  RecordBatch batch_;
  size_t bytes_ = 0;
};

}  // namespace

Result<RecordBatch> read_records(journal::Journal& journal, ShardKey shard,
                                 const RecordFinder::Found& found, const ReadLimits& limits,
                                 bool may_block) {
  BatchBuilder builder(found.from, limits);
  for (const IndexedBlock& entry : found.blocks) {
    journal::Journal::OwnedFrame frame = journal.recent(entry.frame);
    if (!frame.bytes) {
      if (!may_block) return Error{ErrorCode::kUnavailable, "not in memory"};
      auto read = journal.read(entry.frame);
      if (!read) return read.take_error();
      frame = read.take();
    }
    auto block = read_block(frame.frame.payload, entry.offset);
    // The segment may have been rewritten since the look-up; another frame stands here then.
    if (!block || block->shard != shard || block->first_sequence != entry.first_sequence) {
      return Error{ErrorCode::kNotFound, "the records moved"};
    }
    auto more = builder.add(*block, std::move(frame.bytes));
    if (!more) return more.take_error();
    if (!*more) break;
  }
  RecordBatch batch = builder.take();
  batch.at_tip = batch.next_sequence >= found.next_sequence;
  return batch;
}

}  // namespace millstream::lanes
