#include "lanes/node_lanes.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "lanes/record_reader.h"

namespace millstream::lanes {
namespace {

// A read finds its records gone while housekeeping rewrites their segment, until the index knows
// where they stand now: it waits and looks again. If that takes longer, something else is wrong.
constexpr int64_t kReadPauseUs = 5'000;
constexpr int kReadAttemptsMax = 2'000;
constexpr int64_t kHousekeepingTickUs = 1'000'000;

std::vector<RecordIndex*> pointers(const std::vector<std::unique_ptr<RecordIndex>>& indexes) {
  std::vector<RecordIndex*> result;
  for (const auto& index : indexes) result.push_back(index.get());
  return result;
}

uint64_t bytes_between(journal::Position from, journal::Position to) {
  if (from.segment == to.segment) return to.offset - std::min(to.offset, from.offset);
  return (to.segment - from.segment) << 26;
}

}  // namespace

NodeLanes::NodeLanes(const LanesOptions& options, journal::Journal& journal, store::Store& store,
                     std::vector<io::Executor*> executors, RunBlocking run_blocking, Clock& clock,
                     Recovered recovered)
    : options_(options),
      journal_(journal),
      store_(store),
      clock_(clock),
      run_blocking_(std::move(run_blocking)),
      metrics_(options.metrics ? *options.metrics : unseen_metrics_),
      indexes_(std::move(recovered.indexes)),
      housekeeping_(journal, store, clock, pointers(indexes_)) {
  for (io::Executor* executor : executors) {
    hosts_.push_back(std::make_unique<LaneHost>(*executor, journal, store, clock, metrics_,
                                                options.backlog_max));
  }
  for (size_t i = 0; i < indexes_.size(); ++i) {
    const uint64_t next = recovered.next_numbers[i];
    hosts_[i % hosts_.size()]->add_lane({.id = static_cast<LaneId>(i),
                                         .next_number = next,
                                         .applied_number = next - 1,
                                         .index = indexes_[i].get()});
  }
}

LaneId NodeLanes::lane_of(uint64_t hash) const {
  return lane_of_hash(hash, indexes_.size());
}
LaneId NodeLanes::lane_of(ShardKey shard) const {
  return lane_of_shard(shard, indexes_.size());
}

// Hops to the lane's executor if need be and evaluates there; the host resumes the awaiter.
struct NodeLanes::CommitAwaiter {
  LaneHost& host;
  Commit commit;

  bool await_ready() noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> handle) {
    commit.awaiter = handle;
    if (host.executor().is_current() && commit.home->is_current()) return !host.run(&commit);
    host.executor().post([this] {
      if (!host.run(&commit)) return;
      const std::coroutine_handle<> awaiter = commit.awaiter;
      commit.home->post([awaiter] { awaiter.resume(); });
    });
    return true;
  }
  Result<> await_resume() { return std::move(commit.outcome); }
};

io::Task<Result<>> NodeLanes::commit(io::Executor& home, LaneId lane,
                                     std::function<bool(Transaction&)> evaluate) {
  CommitAwaiter awaiter{*hosts_[lane % hosts_.size()],
                        Commit{lane, std::move(evaluate), &home, {}, {}}};
  metrics_.waiting.add(1);
  Result<> outcome = co_await io::in_place(awaiter);
  metrics_.waiting.add(-1);
  co_return outcome;
}

io::Task<Result<>> NodeLanes::settled(io::Executor& home) {
  // What runs on an executor now ends, and its transactions are on their way, before it comes here.
  for (const auto& host : hosts_) co_await io::resume_on(host->executor());
  co_await io::resume_on(home);
  std::vector<io::Task<Result<>>> waits;
  for (size_t host = 0; host < hosts_.size(); ++host) {
    waits.push_back(commit(home, static_cast<LaneId>(host), nullptr));
  }
  std::vector<Result<>> settled = co_await io::when_all(std::move(waits));
  for (Result<>& outcome : settled) {
    if (!outcome) co_return std::move(outcome);
  }
  co_return Result<>();
}

template <class T>
io::Task<T> NodeLanes::on_blocking_thread(io::Executor& home, std::function<T()> work) {
  auto answer = std::make_shared<io::OneShot<T>>(home);
  run_blocking_([answer, work = std::move(work)] { answer->set(work()); });
  T result = co_await *answer;
  co_return result;
}

io::Task<Result<std::optional<std::string>>> NodeLanes::get(io::Executor& home, std::string key) {
  using Value = Result<std::optional<std::string>>;
  Value cached = store_.get_cached(key);
  if (cached || cached.error().code != ErrorCode::kUnavailable) co_return cached;
  std::function<Value()> work = [this, key = std::move(key)] { return store_.get(key); };
  Value value = co_await on_blocking_thread<Value>(home, std::move(work));
  co_return value;
}

Result<Lanes::Entries> NodeLanes::scan_store(const store::Range& range, size_t entries_max,
                                             size_t bytes_max, store::Store::Reach reach) {
  Entries result;
  size_t bytes = 0;
  Result<> scanned = store_.scan(range, reach, [&](std::string_view key, std::string_view value) {
    result.more = result.entries.size() >= entries_max || bytes >= bytes_max;
    if (result.more) return false;
    bytes += key.size() + value.size();
    result.entries.emplace_back(key, value);
    return true;
  });
  if (!scanned) return scanned.take_error();
  return result;
}

io::Task<Result<Lanes::Entries>> NodeLanes::scan(io::Executor& home, std::string from,
                                                 std::string to, size_t entries_max,
                                                 size_t bytes_max, bool reverse) {
  store::Range range{std::move(from), std::move(to), reverse};
  Result<Entries> cached =
      scan_store(range, entries_max, bytes_max, store::Store::Reach::kCachedOnly);
  if (cached || cached.error().code != ErrorCode::kUnavailable) co_return cached;
  std::function<Result<Entries>()> work = [this, range = std::move(range), entries_max, bytes_max] {
    return scan_store(range, entries_max, bytes_max, store::Store::Reach::kDisk);
  };
  Result<Entries> entries = co_await on_blocking_thread<Result<Entries>>(home, std::move(work));
  co_return entries;
}

Result<> NodeLanes::scan_now(
    std::string_view from, std::string_view to,
    const std::function<Result<>(std::string_view, std::string_view)>& visit) {
  Result<> visited;
  Result<> scanned = store_.scan({std::string(from), std::string(to)}, store::Store::Reach::kDisk,
                                 [&](std::string_view key, std::string_view value) {
                                   visited = visit(key, value);
                                   return visited.ok();
                                 });
  return scanned ? visited : scanned;
}

void NodeLanes::observe(std::string prefix, Observer observer) {
  for (const auto& host : hosts_) host->add_observer(prefix, observer);
}

io::Task<Result<RecordBatch>> NodeLanes::read(io::Executor& home, ShardKey shard, uint64_t sequence,
                                              ReadLimits limits) {
  for (int attempt = 0;; ++attempt) {
    auto found = std::make_shared<RecordIndex::Found>(
        index_of(shard).find(shard, sequence, limits, clock_.wall_ms()));
    Result<RecordBatch> batch =
        read_records(journal_, shard, *found, sequence, limits, /*may_block=*/false);
    if (!batch && batch.error().code == ErrorCode::kUnavailable) {
      std::function<Result<RecordBatch>()> work = [this, shard, found, sequence, limits] {
        return read_records(journal_, shard, *found, sequence, limits, /*may_block=*/true);
      };
      batch = co_await on_blocking_thread<Result<RecordBatch>>(home, std::move(work));
    }
    if (batch || batch.error().code != ErrorCode::kNotFound || attempt + 1 == kReadAttemptsMax) {
      co_return batch;
    }
    co_await io::sleep_for(home, kReadPauseUs);
  }
}

io::Task<bool> NodeLanes::wait(io::Executor& home, ShardKey shard, uint64_t sequence,
                               int64_t timeout_us) {
  auto arrived = std::make_shared<io::OneShot<bool>>(home);
  RecordIndex& index = index_of(shard);
  const auto waiter = index.wait(shard, sequence, [arrived](bool there) { arrived->set(there); });
  if (!waiter) co_return index.bounds(shard, clock_.wall_ms()).next > sequence;
  const io::TimerId timer = home.run_after(timeout_us, [arrived] { arrived->set(false); });
  const bool there = co_await *arrived;
  home.cancel(timer);
  if (!there) index.forget(shard, *waiter);
  co_return there;
}

ShardBounds NodeLanes::bounds(ShardKey shard) {
  return index_of(shard).bounds(shard, clock_.wall_ms());
}

io::Task<Result<uint64_t>> NodeLanes::sequence_at(io::Executor& /*home*/, ShardKey shard,
                                                  int64_t arrival_ms) {
  co_return index_of(shard).sequence_at(shard, arrival_ms, clock_.wall_ms());
}

void NodeLanes::set_retention(uint64_t stream, int64_t retention_ms) {
  for (const auto& index : indexes_) index->set_retention(stream, retention_ms);
}

void NodeLanes::set_retention_complete() {
  for (const auto& index : indexes_) index->set_retention_complete();
}

std::string NodeLanes::poisoned() const {
  std::string reason = journal_.poisoned();
  for (const auto& host : hosts_) {
    if (!reason.empty()) break;
    reason = host->trouble();
  }
  return reason;
}

io::Task<std::vector<LaneHost::Progress>> NodeLanes::progress(io::Executor& home) {
  std::vector<LaneHost::Progress> progress;
  for (const auto& host : hosts_) {
    co_await io::resume_on(host->executor());
    progress.push_back(host->progress());
  }
  co_await io::resume_on(home);
  co_return progress;
}

void NodeLanes::keep_house_later() {
  hosts_.front()->executor().run_after(
      kHousekeepingTickUs, [this, alive = std::weak_ptr<Rounds>(rounds_)] {
        if (alive.lock() && !stopping_) io::spawn(keep_house());
      });
}

io::Task<> NodeLanes::keep_house() {
  io::Executor& home = hosts_.front()->executor();
  Rounds& rounds = *rounds_;
  co_await help_store(home, rounds.failed);
  const int64_t now_ms = clock_.wall_ms();
  const journal::Position end = journal_.end();
  const uint64_t written = bytes_between(rounds.flushed, end);
  const bool flush = written >= options_.flush_after_bytes ||
                     (written > 0 && now_ms - rounds.flushed_ms >= options_.flush_interval_ms);
  const bool trim = now_ms - rounds.trimmed_ms >= options_.trim_interval_ms;
  if (!stopping_ && (flush || trim)) {
    const std::vector<LaneHost::Progress> progress = co_await this->progress(home);
    std::function<Result<>()> work = [this, progress, flush, trim] {
      const std::lock_guard lock(housekeeping_mutex_);
      Result<> done;
      if (flush) done = housekeeping_.flush(progress);
      if (done && trim) done = housekeeping_.trim();
      return done;
    };
    Result<> done = co_await on_blocking_thread<Result<>>(home, std::move(work));
    rounds.failed = !done;
    if (!done) spdlog::warn("housekeeping: {}", done.error().message);
    if (flush) {
      rounds.flushed = end;
      rounds.flushed_ms = now_ms;
    }
    if (trim) rounds.trimmed_ms = now_ms;
  }
  if (!stopping_) keep_house_later();
}

// Gets the store to work again if it failed or a host waits for it, and has the hosts go on.
io::Task<> NodeLanes::help_store(io::Executor& home, bool failed) {
  const bool waits = std::any_of(hosts_.begin(), hosts_.end(),
                                 [](const auto& host) { return host->waits_for_store(); });
  if ((!waits && !failed) || stopping_) co_return;
  std::function<Result<>()> work = [this] { return store_.recover(); };
  Result<> recovered = co_await on_blocking_thread<Result<>>(home, std::move(work));
  if (!recovered) {
    spdlog::warn("the state can't be written yet: {}", recovered.error().message);
    co_return;
  }
  for (const auto& host : hosts_) {
    co_await io::resume_on(host->executor());
    if (host->waits_for_store()) host->apply_waiting();
  }
  co_await io::resume_on(home);
}

void NodeLanes::start() {
  const int64_t now_ms = clock_.wall_ms();
  *rounds_ = {journal_.end(), now_ms, now_ms, false};
  keep_house_later();
}

io::Task<Result<>> NodeLanes::stop(io::Executor& home) {
  stopping_ = true;
  for (const auto& index : indexes_) index->stop();
  const std::vector<LaneHost::Progress> progress = co_await this->progress(home);
  std::function<Result<>()> work = [this, progress] {
    const std::lock_guard lock(housekeeping_mutex_);
    return housekeeping_.flush(progress);
  };
  Result<> flushed = co_await on_blocking_thread<Result<>>(home, std::move(work));
  co_return flushed;
}

std::string prefix_end(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xff) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

Result<std::unique_ptr<OpenLanes>> open_lanes(const LanesOptions& options,
                                              journal::Journal& journal, store::Store& store,
                                              std::vector<io::Executor*> executors,
                                              RunBlocking run_blocking, Clock& clock) {
  auto lane_count = read_or_write_lane_count(journal, store, options.lane_count);
  if (!lane_count) return lane_count.take_error();
  auto recovered = recover(journal, store, *lane_count);
  if (!recovered) return recovered.take_error();
  return std::unique_ptr<OpenLanes>(new NodeLanes(options, journal, store, std::move(executors),
                                                  std::move(run_blocking), clock,
                                                  recovered.take()));
}

}  // namespace millstream::lanes
