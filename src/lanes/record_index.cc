#include "lanes/record_index.h"

#include <algorithm>
#include <utility>

namespace millstream::lanes {

void RecordIndex::add(const RecordBlock& block, Position frame) {
  std::vector<Waiter> woken;
  {
    const std::lock_guard lock(mutex_);
    Shard& shard = shard_of(block.shard);
    shard.blocks.push_back({block.first_sequence, block.arrival_ms, frame, block.offset,
                            block.count, static_cast<uint32_t>(block.records.size())});
    shard.next = std::max(shard.next, block.first_sequence + block.count);
    shard.last_arrival_ms = std::max(shard.last_arrival_ms, block.arrival_ms);
    const auto ready =
        std::partition(shard.waiters.begin(), shard.waiters.end(),
                       [&](const WaitingReader& reader) { return reader.sequence >= shard.next; });
    for (auto at = ready; at != shard.waiters.end(); ++at) woken.push_back(std::move(at->waiter));
    shard.waiters.erase(ready, shard.waiters.end());
  }
  for (Waiter& waiter : woken) waiter(true);
}

void RecordIndex::set_floor(ShardKey key, uint64_t next_sequence) {
  const std::lock_guard lock(mutex_);
  Shard& shard = shard_of(key);
  shard.next = std::max(shard.next, next_sequence);
}

bool RecordIndex::expired(uint64_t stream, int64_t arrival_ms, int64_t now_ms) const {
  const auto found = retention_ms_.find(stream);
  if (found == retention_ms_.end()) return retention_complete_;
  return arrival_ms + found->second <= now_ms;
}

void RecordIndex::drop_expired(ShardKey key, Shard& shard, int64_t now_ms) {
  while (!shard.blocks.empty() && expired(key.stream, shard.blocks.front().arrival_ms, now_ms)) {
    shard.blocks.pop_front();
  }
}

ShardBounds RecordIndex::bounds(ShardKey key, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  const auto found = shards_.find(key);
  if (found == shards_.end()) return {};
  Shard& shard = found->second;
  drop_expired(key, shard, now_ms);
  return {shard.blocks.empty() ? shard.next : shard.blocks.front().first_sequence, shard.next};
}

RecordIndex::Found RecordIndex::find(ShardKey key, uint64_t sequence, const ReadLimits& limits,
                                     int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  Found result;
  const auto found = shards_.find(key);
  if (found == shards_.end()) return result;
  Shard& shard = found->second;
  drop_expired(key, shard, now_ms);
  const auto& blocks = shard.blocks;
  result.bounds = {blocks.empty() ? shard.next : blocks.front().first_sequence, shard.next};
  auto at = std::partition_point(blocks.begin(), blocks.end(), [&](const IndexedBlock& block) {
    return block.end_sequence() <= sequence;
  });
  size_t records = 0;
  size_t bytes = 0;
  const auto wanted = [&] {
    return result.blocks.empty() || (records < limits.records_max && bytes < limits.bytes_max);
  };
  for (; at != blocks.end() && wanted(); ++at) {
    result.blocks.push_back(*at);
    records += at->end_sequence() - std::max(at->first_sequence, sequence);
    bytes += at->first_sequence >= sequence ? at->bytes : 0;
  }
  return result;
}

uint64_t RecordIndex::sequence_at(ShardKey key, int64_t arrival_ms, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  const auto found = shards_.find(key);
  if (found == shards_.end()) return 1;
  Shard& shard = found->second;
  drop_expired(key, shard, now_ms);
  const auto at = std::partition_point(
      shard.blocks.begin(), shard.blocks.end(),
      [&](const IndexedBlock& block) { return block.arrival_ms < arrival_ms; });
  return at == shard.blocks.end() ? shard.next : at->first_sequence;
}

int64_t RecordIndex::last_arrival_ms(ShardKey key) {
  const std::lock_guard lock(mutex_);
  const auto found = shards_.find(key);
  return found == shards_.end() ? 0 : found->second.last_arrival_ms;
}

std::optional<RecordIndex::WaiterId> RecordIndex::wait(ShardKey key, uint64_t sequence,
                                                       Waiter waiter) {
  const std::lock_guard lock(mutex_);
  Shard& shard = shard_of(key);
  if (stopped_ || shard.next > sequence) return std::nullopt;
  const WaiterId id = next_waiter_++;
  shard.waiters.push_back({id, sequence, std::move(waiter)});
  return id;
}

void RecordIndex::forget(ShardKey key, WaiterId waiter) {
  const std::lock_guard lock(mutex_);
  std::erase_if(shard_of(key).waiters,
                [waiter](const WaitingReader& reader) { return reader.id == waiter; });
}

void RecordIndex::stop() {
  std::vector<Waiter> woken;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (auto& [key, shard] : shards_) {
      for (WaitingReader& reader : shard.waiters) woken.push_back(std::move(reader.waiter));
      shard.waiters.clear();
    }
  }
  for (Waiter& waiter : woken) waiter(false);
}

void RecordIndex::set_retention(uint64_t stream, int64_t retention_ms) {
  const std::lock_guard lock(mutex_);
  retention_ms_[stream] = retention_ms;
}

void RecordIndex::set_retention_complete() {
  const std::lock_guard lock(mutex_);
  retention_complete_ = true;
}

bool RecordIndex::is_live(const RecordBlock& block, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  return !expired(block.shard.stream, block.arrival_ms, now_ms);
}

void RecordIndex::relocate(uint64_t segment, const std::map<Position, Position>& moved) {
  const std::lock_guard lock(mutex_);
  for (auto& [key, shard] : shards_) {
    for (IndexedBlock& block : shard.blocks) {
      if (block.frame.segment != segment) continue;
      const auto found = moved.find(block.frame);
      if (found != moved.end()) {
        block.frame = found->second;
      } else {
        block.count = 0;
      }
    }
    std::erase_if(shard.blocks, [](const IndexedBlock& block) { return block.count == 0; });
  }
}

std::vector<std::pair<ShardKey, uint64_t>> RecordIndex::floors(uint64_t segment) {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<ShardKey, uint64_t>> result;
  for (const auto& [key, shard] : shards_) {
    const auto holds = [segment](const IndexedBlock& block) {
      return block.frame.segment == segment;
    };
    if (shard.blocks.empty() || std::any_of(shard.blocks.begin(), shard.blocks.end(), holds)) {
      result.emplace_back(key, shard.next);
    }
  }
  return result;
}

}  // namespace millstream::lanes
