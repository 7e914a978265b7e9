#include "lanes/record_index.h"

#include <algorithm>
#include <iterator>

namespace millstream::lanes {
namespace {

constexpr size_t kBlocksCopiedAtATime = 4096;

}  // namespace

RecordIndex::Shard& RecordIndex::shard_of(ShardKey key) {
  const auto [found, is_new] = shards_.try_emplace(key);
  if (is_new) shards_of_stream_[key.stream].push_back(key.shard);
  return found->second;
}

void RecordIndex::note_change(ShardKey key, Shard& shard) {
  if (!std::exchange(shard.changed, true)) changed_.push_back(key);
}

void RecordIndex::add(const RecordBlock& block, Position frame) {
  std::vector<Waiter> woken;
  {
    const std::lock_guard lock(mutex_);
    Shard& shard = shard_of(block.shard);
    if (shard.runs.empty() || shard.runs.back().segment != frame.segment) {
      shard.runs.push_back({frame.segment, {}});
      segment_shares_[frame.segment].shards.push_back(block.shard);
    }
    shard.runs.back().blocks.push_back({block.first_sequence, block.arrival_ms, frame, block.offset,
                                        block.count, static_cast<uint32_t>(block.records.size())});
    ShardEnd& end = shard.end;
    end.next_sequence = std::max(end.next_sequence, block.first_sequence + block.count);
    end.last_arrival_ms = std::max(end.last_arrival_ms, block.arrival_ms);
    note_change(block.shard, shard);
    const auto ready = std::partition(
        shard.waiters.begin(), shard.waiters.end(),
        [&](const WaitingReader& reader) { return reader.sequence >= end.next_sequence; });
    for (auto at = ready; at != shard.waiters.end(); ++at) woken.push_back(std::move(at->waiter));
    shard.waiters.erase(ready, shard.waiters.end());
  }
  for (Waiter& waiter : woken) waiter(true);
}

void RecordIndex::note_frame(Position frame, size_t payload_bytes) {
  const std::lock_guard lock(mutex_);
  segment_shares_[frame.segment].payload_bytes += payload_bytes;
}

RecordIndex::SegmentShare RecordIndex::segment_share(uint64_t segment) {
  const std::lock_guard lock(mutex_);
  const auto found = segment_shares_.find(segment);
  return found == segment_shares_.end() ? SegmentShare{} : found->second;
}

void RecordIndex::copy_blocks(ShardKey key, uint64_t segment, std::vector<IndexedBlock>* blocks) {
  for (size_t copied = 0;;) {
    const std::lock_guard lock(mutex_);
    const auto found = shards_.find(key);
    if (found == shards_.end()) return;
    const auto& runs = found->second.runs;
    const auto run = std::find_if(runs.begin(), runs.end(), [segment](const Run& candidate) {
      return candidate.segment == segment;
    });
    if (run == runs.end() || copied == run->blocks.size()) return;
    const size_t end = std::min(run->blocks.size(), copied + kBlocksCopiedAtATime);
    blocks->insert(blocks->end(), run->blocks.begin() + static_cast<ptrdiff_t>(copied),
                   run->blocks.begin() + static_cast<ptrdiff_t>(end));
    copied = end;
  }
}

void RecordIndex::drop_segment_shares(uint64_t segment) {
  const std::lock_guard lock(mutex_);
  segment_shares_.erase(segment_shares_.begin(), segment_shares_.upper_bound(segment));
}

void RecordIndex::set_end(ShardKey key, const ShardEnd& end) {
  const std::lock_guard lock(mutex_);
  ShardEnd& known = shard_of(key).end;
  known.next_sequence = std::max(known.next_sequence, end.next_sequence);
  known.last_arrival_ms = std::max(known.last_arrival_ms, end.last_arrival_ms);
}

ShardEnd RecordIndex::end(ShardKey key) {
  const std::lock_guard lock(mutex_);
  const auto found = shards_.find(key);
  return found == shards_.end() ? ShardEnd{} : found->second.end;
}

void RecordIndex::seal(ShardKey key) {
  const std::lock_guard lock(mutex_);
  shard_of(key).end.sealed = true;
}

void RecordIndex::end_shard(ShardKey key) {
  std::vector<WaitingReader> woken;
  {
    const std::lock_guard lock(mutex_);
    Shard& shard = shard_of(key);
    shard.end.sealed = true;
    shard.ended = true;
    woken = std::exchange(shard.waiters, {});
  }
  for (WaitingReader& reader : woken) reader.waiter(false);
}

FoundBlocks RecordIndex::find(ShardKey key, const Wanted& wanted, const ReadLimits& limits) {
  const std::lock_guard lock(mutex_);
  const auto found = shards_.find(key);
  if (found == shards_.end()) return {};
  const Shard& shard = found->second;
  const auto is_behind = [&](const IndexedBlock& block) { return wanted.begins_behind(block); };
  BlockCollector collector(wanted.sequence, limits);
  bool begins_in_front = true;
  for (const Run& run : shard.runs) {
    const auto& blocks = run.blocks;
    auto at = blocks.begin();
    if (collector.blocks().empty()) at = std::partition_point(at, blocks.end(), is_behind);
    if (at != blocks.begin()) begins_in_front = false;
    while (at != blocks.end() && collector.add(*at)) ++at;
    if (at != blocks.end()) break;
  }
  const uint64_t end = shard.end.next_sequence;
  const uint64_t from = shard.runs.empty() ? end : shard.runs.front().blocks.front().first_sequence;
  // If a block here is in front of the first wanted one, so is every block in the files.
  const bool others_in_files = begins_in_front && from > std::max(wanted.sequence, shard.first) &&
                               shard.end.last_arrival_ms >= wanted.arrival_ms;
  return {collector.take(), end, others_in_files};
}

void RecordIndex::set_first(ShardKey key, uint64_t sequence) {
  const std::lock_guard lock(mutex_);
  const auto found = shards_.find(key);
  if (found == shards_.end()) return;
  found->second.first = std::max(found->second.first, sequence);
}

void RecordIndex::drop_blocks(ShardKey key, uint64_t segment) {
  std::vector<Run> dropped;  // goes when the mutex is free again
  const std::lock_guard lock(mutex_);
  const auto found = shards_.find(key);
  if (found == shards_.end()) return;
  auto& runs = found->second.runs;
  const auto kept = std::find_if(runs.begin(), runs.end(),
                                 [segment](const Run& run) { return run.segment > segment; });
  dropped.assign(std::make_move_iterator(runs.begin()), std::make_move_iterator(kept));
  runs.erase(runs.begin(), kept);
}

std::vector<std::pair<ShardKey, ShardEnd>> RecordIndex::take_changed_ends() {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<ShardKey, ShardEnd>> ends;
  ends.reserve(changed_.size());
  for (const ShardKey key : std::exchange(changed_, {})) {
    const auto found = shards_.find(key);
    if (found == shards_.end()) continue;
    found->second.changed = false;
    ends.emplace_back(key, found->second.end);
  }
  return ends;
}

void RecordIndex::put_back(const std::vector<std::pair<ShardKey, ShardEnd>>& ends) {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, end] : ends) {
    const auto found = shards_.find(key);
    if (found != shards_.end()) note_change(key, found->second);
  }
}

std::vector<uint64_t> RecordIndex::streams() {
  const std::lock_guard lock(mutex_);
  std::vector<uint64_t> streams;
  streams.reserve(shards_of_stream_.size());
  for (const auto& [stream, shards] : shards_of_stream_) streams.push_back(stream);
  return streams;
}

std::vector<ShardKey> RecordIndex::forget_stream(uint64_t stream) {
  const std::lock_guard lock(mutex_);
  std::vector<ShardKey> forgotten;
  const auto found = shards_of_stream_.find(stream);
  if (found == shards_of_stream_.end()) return forgotten;
  std::erase_if(found->second, [&](uint32_t number) {
    const auto shard = shards_.find({stream, number});
    if (!shard->second.waiters.empty()) return false;
    forgotten.push_back(shard->first);
    shards_.erase(shard);
    return true;
  });
  if (found->second.empty()) shards_of_stream_.erase(found);
  return forgotten;
}

std::optional<RecordIndex::WaiterId> RecordIndex::wait(ShardKey key, uint64_t sequence,
                                                       Waiter waiter) {
  const std::lock_guard lock(mutex_);
  Shard& shard = shard_of(key);
  if (stopped_ || shard.ended || shard.end.next_sequence > sequence) return std::nullopt;
  const WaiterId id = next_waiter_++;
  shard.waiters.push_back({id, sequence, std::move(waiter)});
  return id;
}

void RecordIndex::forget(ShardKey key, WaiterId waiter) {
  const std::lock_guard lock(mutex_);
  const auto found = shards_.find(key);
  if (found == shards_.end()) return;
  std::erase_if(found->second.waiters,
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

}  // namespace millstream::lanes
