#include "services/kinesis/scaler.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace millstream::kinesis {
namespace {

constexpr int64_t kReportEveryMs = 60'000;

}  // namespace

Scaler::Scaler(lanes::Lanes& lanes, const Catalog& catalog, Resharder& resharder,
               const Clock& clock, io::Executor& background, const OnDemandSettings& settings,
               RoomFor room_for, std::function<void(const std::string&)> warn)
    : catalog_(catalog),
      resharder_(resharder),
      clock_(clock),
      background_(background),
      settings_(settings),
      room_for_(std::move(room_for)),
      warn_(std::move(warn)),
      meter_(settings.shard_bytes, settings.shard_records),
      sweeper_(lanes, background, [this] { return look(); }) {}

void Scaler::wake() {
  if (asleep_.exchange(false)) sweeper_.wake();
}

io::Task<std::optional<int64_t>> Scaler::look() {
  const int64_t now_us = clock_.monotonic_us();
  const int64_t passed_ms =
      last_look_us_ == 0 ? settings_.pace_ms : (now_us - last_look_us_) / 1000;
  // Woken before its time: the load of a short moment says little.
  if (last_look_us_ != 0 && passed_ms < settings_.pace_ms) {
    co_return (settings_.pace_ms - passed_ms) * 1000;
  }
  last_look_us_ = now_us;
  std::map<uint64_t, std::map<uint32_t, ShardLoad>> loads;
  for (auto& [shard, load] : meter_.take()) loads[shard.stream][shard.shard] = std::move(load);
  const auto watched = catalog_.on_demand_streams();
  for (const uint64_t stream : watched) streams_.try_emplace(stream, settings_);
  std::erase_if(streams_, [&](const auto& entry) { return !watched.contains(entry.first); });

  const int64_t now_ms = clock_.wall_ms();
  std::vector<io::Task<bool>> changes;
  bool something_to_watch = false;
  for (auto& [id, load] : streams_) {
    const auto stream = catalog_.find_id(id);
    if (!stream) continue;
    load.add(*stream, loads[id], passed_ms, now_ms);
    something_to_watch |= !load.is_idle(*stream, now_ms);
    StreamLoad::Plan plan = load.plan(*stream, room_for_(*stream), now_ms);
    report(*stream, plan);
    if (plan.round) changes.push_back(follow(stream, std::move(plan)));
  }
  if (!changes.empty()) co_await io::when_all(std::move(changes));
  if (something_to_watch) co_return settings_.pace_ms * 1000;
  last_look_us_ = 0;
  asleep_ = true;
  co_return std::nullopt;
}

// Gives whether the change was made.
io::Task<bool> Scaler::follow(std::shared_ptr<const Stream> stream, StreamLoad::Plan plan) {
  const uint32_t planned_for = stream->next_shard_index();
  Resharder::Plan change = [&](Stream now, int64_t now_ms) -> aws::Result<Stream> {
    // What was planned for other shards than there are now is planned anew at the next look.
    if (!now.on_demand || now.next_shard_index() != planned_for) return now;
    now.resharding = {std::nullopt, true, now_ms, std::move(*plan.round)};
    return now;
  };
  auto begun = co_await resharder_.begin(background_, stream, std::move(change));
  co_return begun.ok();
}

void Scaler::report(const Stream& stream, const StreamLoad::Plan& plan) {
  const int64_t now_ms = clock_.wall_ms();
  std::erase_if(reported_hot_ms_,
                [now_ms](const auto& entry) { return now_ms - entry.second >= kReportEveryMs; });
  for (const StreamLoad::Plan::HotKey& hot : plan.hot_keys) {
    const bool is_new = reported_hot_ms_.try_emplace({stream.id, hot.shard}, now_ms).second;
    if (!is_new) continue;
    warn_(fmt::format(
        "kinesis: stream {} has a hot key: hash key {} is {:.0f} % of the load of {}, which is "
        "{:.0f} % of what a shard takes; a split wouldn't divide it",
        stream.name, to_decimal(hot.hash), 100 * hot.share, shard_id_text(hot.shard),
        100 * hot.load));
  }
}

}  // namespace millstream::kinesis
