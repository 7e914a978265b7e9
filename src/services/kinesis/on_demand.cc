#include "services/kinesis/on_demand.h"

#include <algorithm>

namespace millstream::kinesis {
namespace {

// A cut that leaves more than this on one side doesn't help.
constexpr double kLargerShareMax = 0.9;

}  // namespace

void StreamLoad::add(const Stream& stream, const std::map<uint32_t, ShardLoad>& loads,
                     int64_t passed_ms, int64_t now_ms) {
  if (began_ms_ == 0) began_ms_ = now_ms;
  std::erase_if(shards_, [&](const auto& entry) {
    const Shard* const shard = stream.shard_at(entry.first);
    return shard == nullptr || !shard->is_open();
  });
  for (const auto& [index, load] : loads) {
    const Shard* const shard = stream.shard_at(index);
    if (shard != nullptr && shard->is_open()) shards_.try_emplace(index);
  }
  for (auto& [shard, history] : shards_) {
    const auto found = loads.find(shard);
    double amount = 0;
    if (found != loads.end()) {
      const ShardLoad& load = found->second;
      const double seconds = static_cast<double>(std::max<int64_t>(passed_ms, 1)) / 1000;
      amount = std::max(
          static_cast<double>(load.bytes) / static_cast<double>(settings_.shard_bytes) / seconds,
          static_cast<double>(load.records) / static_cast<double>(settings_.shard_records) /
              seconds);
      history.samples = load.samples;
    }
    history.loads.push_back(amount);
    if (history.loads.size() > kLooks) history.loads.pop_front();
    if (amount > settings_.merge_below / 2) history.busy_ms = now_ms;
  }
}

double StreamLoad::average(uint32_t shard) const {
  const auto found = shards_.find(shard);
  if (found == shards_.end() || found->second.loads.empty()) return 0;
  double sum = 0;
  for (const double load : found->second.loads) sum += load;
  return sum / static_cast<double>(found->second.loads.size());
}

int64_t StreamLoad::fewest_shards(const Stream& stream) const {
  return std::max<int64_t>(settings_.shards_min, stream.settings.warm_throughput_mibps);
}

std::optional<StreamLoad::Cut> StreamLoad::best_cut(const Shard& shard) const {
  std::vector<HashKey> sorted = shards_.at(shard.index).samples;
  std::sort(sorted.begin(), sorted.end());
  std::optional<Cut> best;
  for (size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i] == sorted[i - 1]) continue;
    if (sorted[i] <= shard.starting_hash_key + 1 || sorted[i] >= shard.ending_hash_key) continue;
    const double left = static_cast<double>(i) / static_cast<double>(sorted.size());
    const double larger = std::max(left, 1 - left);
    if (!best || larger < best->larger_share) best = {sorted[i], larger};
  }
  return best;
}

StreamLoad::Plan::HotKey StreamLoad::hottest_key(const Shard& shard) const {
  std::map<HashKey, size_t> counts;
  const std::vector<HashKey>& samples = shards_.at(shard.index).samples;
  for (const HashKey hash : samples) ++counts[hash];
  const auto hottest = std::max_element(
      counts.begin(), counts.end(),
      [](const auto& left, const auto& right) { return left.second < right.second; });
  return {shard.index, hottest->first,
          static_cast<double>(hottest->second) / static_cast<double>(samples.size()),
          average(shard.index)};
}

void StreamLoad::plan_splits(const Stream& stream, size_t room, Plan* plan) const {
  std::vector<const Shard*> hot;
  for (const uint32_t place : stream.open_shards) {
    const Shard& shard = stream.shards[place];
    if (average(shard.index) > settings_.split_above) hot.push_back(&shard);
  }
  std::stable_sort(hot.begin(), hot.end(), [this](const Shard* left, const Shard* right) {
    return average(left->index) > average(right->index);
  });
  const auto open = static_cast<int64_t>(stream.open_shards.size());
  room = std::min(room, static_cast<size_t>(std::max<int64_t>(settings_.shards_max - open, 0)));
  RoundMaker round(stream);
  for (const Shard* shard : hot) {
    if (shards_.at(shard->index).samples.empty()) continue;
    const std::optional<Cut> cut = best_cut(*shard);
    if (!cut || cut->larger_share > kLargerShareMax) {
      plan->hot_keys.push_back(hottest_key(*shard));
    } else if (room > 0) {
      round.split(*shard, cut->second_start);
      --room;
    }
  }
  if (!round.empty()) plan->round = round.take();
}

bool StreamLoad::is_quiet(const Shard& shard, int64_t now_ms) const {
  const auto found = shards_.find(shard.index);
  const int64_t busy_ms = found == shards_.end() ? 0 : found->second.busy_ms;
  return now_ms - std::max({busy_ms, shard.opened_ms, began_ms_}) >= settings_.quiet_ms;
}

void StreamLoad::plan_merges(const Stream& stream, int64_t now_ms, Plan* plan) const {
  auto spare = static_cast<int64_t>(stream.open_shards.size()) - fewest_shards(stream);
  RoundMaker round(stream);
  for (size_t i = 0; i + 1 < stream.open_shards.size() && spare > 0; ++i) {
    const Shard& shard = stream.shards[stream.open_shards[i]];
    const Shard& next = stream.shards[stream.open_shards[i + 1]];
    const bool cold = average(shard.index) + average(next.index) < settings_.merge_below;
    if (!cold || !is_quiet(shard, now_ms) || !is_quiet(next, now_ms)) continue;
    round.merge(shard, next);
    ++i;
    --spare;
  }
  if (!round.empty()) plan->round = round.take();
}

StreamLoad::Plan StreamLoad::plan(const Stream& stream, size_t room, int64_t now_ms) const {
  Plan plan;
  if (stream.resharding) return plan;
  plan_splits(stream, room, &plan);
  if (!plan.round) plan_merges(stream, now_ms, &plan);
  return plan;
}

bool StreamLoad::is_idle(const Stream& stream, int64_t now_ms) const {
  if (static_cast<int64_t>(stream.open_shards.size()) > fewest_shards(stream)) return false;
  return std::all_of(shards_.begin(), shards_.end(), [&](const auto& entry) {
    return now_ms - entry.second.busy_ms > settings_.quiet_ms;
  });
}

}  // namespace millstream::kinesis
