#include "lanes/housekeeping_rounds.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "lanes/on_blocking_thread.h"
#include "lanes/recovery.h"

namespace millstream::lanes {
namespace {

constexpr int64_t kTickUs = 1'000'000;
// After an index file couldn't be written.
constexpr int64_t kIndexPauseUs = 10'000'000;

uint64_t bytes_between(journal::Position from, journal::Position to) {
  if (from.segment == to.segment) return to.offset - std::min(to.offset, from.offset);
  return (to.segment - from.segment) << 26;
}

}  // namespace

void HousekeepingRounds::start(journal::Position flushed) {
  const int64_t now_ms = parts_.clock.wall_ms();
  *history_ = {.flushed = flushed, .flushed_ms = now_ms, .trimmed_ms = now_ms};
  keep_house_later();
}

io::Task<Result<>> HousekeepingRounds::stop(io::Executor& home) {
  stopping_ = true;
  housekeeping_.stop();
  const std::vector<LaneHost::Progress> progress = co_await this->progress(home);
  std::function<Result<>()> work = [this, progress] {
    const std::lock_guard lock(housekeeping_mutex_);
    return housekeeping_.flush(progress);
  };
  Result<> flushed =
      co_await on_blocking_thread<Result<>>(parts_.run_blocking, home, std::move(work));
  co_return flushed;
}

io::Task<std::vector<LaneHost::Progress>> HousekeepingRounds::progress(io::Executor& home) {
  std::vector<LaneHost::Progress> progress;
  for (const auto& host : parts_.hosts) {
    co_await io::resume_on(host->executor());
    progress.push_back(host->progress());
  }
  co_await io::resume_on(home);
  co_return progress;
}

void HousekeepingRounds::keep_house_later() {
  parts_.hosts.front()->executor().run_after(kTickUs,
                                             [this, alive = std::weak_ptr<History>(history_)] {
                                               if (alive.lock() && !stopping_)
                                                 io::spawn(keep_house());
                                             });
}

HousekeepingRounds::Round HousekeepingRounds::next_round(journal::Position end,
                                                         int64_t now_ms) const {
  const History& history = *history_;
  const LanesOptions& options = parts_.options;
  const uint64_t written = bytes_between(history.flushed, end);
  return {.index = housekeeping_.index_is_due() &&
                   parts_.clock.monotonic_us() >= history.index_not_before_us,
          .flush = written >= options.flush_after_bytes ||
                   (written > 0 && now_ms - history.flushed_ms >= options.flush_interval_ms),
          .trim = now_ms - history.trimmed_ms >= options.trim_interval_ms};
}

io::Task<> HousekeepingRounds::keep_house() {
  io::Executor& home = parts_.hosts.front()->executor();
  co_await help_store(home);
  const int64_t now_ms = parts_.clock.wall_ms();
  const journal::Position end = parts_.journal.end();
  const Round round = next_round(end, now_ms);
  if (!stopping_ && !round.is_idle()) {
    const std::vector<LaneHost::Progress> progress = co_await this->progress(home);
    std::function<Outcome()> work = [this, progress, round] { return do_round(round, progress); };
    Outcome outcome =
        co_await on_blocking_thread<Outcome>(parts_.run_blocking, home, std::move(work));
    note_outcome(outcome);
    if (round.flush) {
      history_->flushed = end;
      history_->flushed_ms = now_ms;
    }
    if (round.trim) history_->trimmed_ms = now_ms;
    co_await forget_shards(home, std::move(outcome.forgotten));
  }
  if (!stopping_) keep_house_later();
}

void HousekeepingRounds::note_outcome(const Outcome& outcome) {
  history_->failed = !outcome.kept;
  if (!outcome.kept) spdlog::warn("housekeeping: {}", outcome.kept.error().message);
  if (outcome.indexed) return;
  spdlog::warn("housekeeping: {}", outcome.indexed.error().message);
  history_->index_not_before_us = parts_.clock.monotonic_us() + kIndexPauseUs;
}

HousekeepingRounds::Outcome HousekeepingRounds::do_round(
    const Round& round, const std::vector<LaneHost::Progress>& progress) {
  const std::lock_guard lock(housekeeping_mutex_);
  Outcome outcome;
  if (round.index) outcome.indexed = housekeeping_.index(progress);
  if (round.flush) outcome.kept = housekeeping_.flush(progress);
  if (!outcome.kept || !round.trim) return outcome;
  Result<std::vector<ShardKey>> trimmed = housekeeping_.trim();
  if (trimmed) {
    outcome.forgotten = trimmed.take();
  } else {
    outcome.kept = trimmed.take_error();
  }
  return outcome;
}

// Has the lanes forget what housekeeping found to be of deleted streams.
io::Task<> HousekeepingRounds::forget_shards(io::Executor& home, std::vector<ShardKey> shards) {
  std::map<LaneId, std::vector<ShardKey>> by_lane;
  for (const ShardKey shard : shards) by_lane[lane_of_shard(shard, lane_count_)].push_back(shard);
  for (const auto& [lane, of_lane] : by_lane) {
    LaneHost& host = *parts_.hosts[lane % parts_.hosts.size()];
    co_await io::resume_on(host.executor());
    host.forget_shards(lane, of_lane);
  }
  co_await io::resume_on(home);
}

// Gets the store to work again if it failed or a host waits for it, and has the hosts go on.
io::Task<> HousekeepingRounds::help_store(io::Executor& home) {
  const bool waits = std::any_of(parts_.hosts.begin(), parts_.hosts.end(),
                                 [](const auto& host) { return host->waits_for_store(); });
  if ((!waits && !history_->failed) || stopping_) co_return;
  std::function<Result<>()> work = [this] { return parts_.store.recover(); };
  Result<> recovered =
      co_await on_blocking_thread<Result<>>(parts_.run_blocking, home, std::move(work));
  if (!recovered) {
    spdlog::warn("the state can't be written yet: {}", recovered.error().message);
    co_return;
  }
  for (const auto& host : parts_.hosts) {
    co_await io::resume_on(host->executor());
    if (host->waits_for_store()) host->apply_waiting();
  }
  co_await io::resume_on(home);
}

}  // namespace millstream::lanes
