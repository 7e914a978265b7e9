#include "lanes/lane_transaction.h"

#include <algorithm>
#include <utility>

namespace millstream::lanes {

Result<std::optional<std::string>> LaneTransaction::get(std::string_view key) {
  if (const auto own = changes_.find(key); own != changes_.end()) return own->second;
  if (const Overlay::Entry* pending = lane_.overlay.find(key)) {
    saw_pending_ = true;
    return pending->value;
  }
  return store_.get(key);
}

Result<> LaneTransaction::scan(
    std::string_view from, std::string_view to,
    const std::function<bool(std::string_view, std::string_view)>& visit) {
  // The newer changes of the range, own ones over the lane's; then merged with the store's entries.
  std::map<std::string, std::optional<std::string>, std::less<>> newer;
  const auto& pending = lane_.overlay.entries();
  for (auto at = pending.lower_bound(from); at != pending.end() && at->first < to; ++at) {
    newer[at->first] = at->second.value;
    saw_pending_ = true;
  }
  for (auto at = changes_.lower_bound(from); at != changes_.end() && at->first < to; ++at) {
    newer[at->first] = at->second;
  }
  auto next_newer = newer.begin();
  bool going = true;
  const auto visit_newer_before = [&](std::string_view key) {
    for (; going && next_newer != newer.end() && next_newer->first < key; ++next_newer) {
      if (next_newer->second) going = visit(next_newer->first, *next_newer->second);
    }
  };
  Result<> scanned = store_.scan({std::string(from), std::string(to)}, store::Store::Reach::kDisk,
                                 [&](std::string_view key, std::string_view value) {
                                   visit_newer_before(key);
                                   if (!going) return false;
                                   if (next_newer != newer.end() && next_newer->first == key) {
                                     if (next_newer->second)
                                       going = visit(key, *next_newer->second);
                                     ++next_newer;
                                   } else {
                                     going = visit(key, value);
                                   }
                                   return going;
                                 });
  if (!scanned) return scanned;
  visit_newer_before(to);
  return {};
}

void LaneTransaction::put(std::string_view key, std::string_view value) {
  effects_.put(key, value);
  changes_.insert_or_assign(std::string(key), std::string(value));
}

void LaneTransaction::erase(std::string_view key) {
  effects_.erase(key);
  changes_.insert_or_assign(std::string(key), std::nullopt);
}

std::pair<const ShardKey, ShardEnd>* LaneTransaction::find_end(ShardKey shard) {
  const auto [own, is_new] = shard_ends_.try_emplace(shard);
  if (is_new) {
    const auto pending = lane_.shard_ends.find(shard);
    own->second = pending != lane_.shard_ends.end() ? pending->second : lane_.index->end(shard);
  }
  return &*own;
}

std::optional<Transaction::Appended> LaneTransaction::append(ShardKey shard, size_t payload_size) {
  if (!newest_end_ || newest_end_->first != shard) newest_end_ = find_end(shard);
  ShardEnd& end = newest_end_->second;
  if (end.sealed) return std::nullopt;
  const uint64_t sequence = end.next_sequence++;
  // A clock that was set back must not break the order of arrivals within a shard.
  end.last_arrival_ms = std::max(now_ms_, end.last_arrival_ms);
  return Appended{sequence, end.last_arrival_ms,
                  effects_.append(shard, sequence, end.last_arrival_ms, payload_size)};
}

uint64_t LaneTransaction::seal(ShardKey shard) {
  lane_.index->seal(shard);
  const auto pending = lane_.shard_ends.find(shard);
  if (pending != lane_.shard_ends.end()) pending->second.sealed = true;
  ShardEnd& end = find_end(shard)->second;
  end.sealed = true;
  saw_pending_ |= end.next_sequence > lane_.index->end(shard).next_sequence;
  return end.next_sequence;
}

void LaneTransaction::keep(uint64_t number) {
  for (auto& [key, value] : changes_) lane_.overlay.set(key, std::move(value), number);
  for (const auto& [shard, end] : shard_ends_) lane_.shard_ends[shard] = end;
}

}  // namespace millstream::lanes
