#include "lanes/node_lanes.h"

#include <algorithm>
#include <utility>

#include "lanes/on_blocking_thread.h"
#include "lanes/record_reader.h"

namespace millstream::lanes {
namespace {

// A read finds that housekeeping is changing the segment of its records: it waits and looks again.
// If that takes longer, something else is wrong.
constexpr int64_t kReadPauseUs = 5'000;
constexpr int kReadAttemptsMax = 2'000;
constexpr ReadLimits kOneRecord{.records_max = 1, .bytes_max = 1};

std::vector<RecordIndex*> pointers(const std::vector<std::unique_ptr<RecordIndex>>& indexes) {
  std::vector<RecordIndex*> result;
  for (const auto& index : indexes) result.push_back(index.get());
  return result;
}

}  // namespace

NodeLanes::NodeLanes(const LanesOptions& options, journal::Journal& journal, store::Store& store,
                     std::unique_ptr<SegmentIndexes> files, std::vector<io::Executor*> executors,
                     RunBlocking run_blocking, Clock& clock, Recovered recovered)
    : options_(options),
      journal_(journal),
      store_(store),
      clock_(clock),
      run_blocking_(std::move(run_blocking)),
      metrics_(options.metrics ? *options.metrics : unseen_metrics_),
      indexes_(std::move(recovered.indexes)),
      files_(std::move(files)),
      finder_(pointers(indexes_), *files_, journal, retention_, clock, recovered.filed_through),
      replayed_from_(recovered.replayed_from),
      rounds_({options_, journal, store, clock, run_blocking_, hosts_},
              {journal, store, clock, pointers(indexes_), *files_, finder_, retention_}) {
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

io::Task<Result<std::optional<std::string>>> NodeLanes::get(io::Executor& home, std::string key) {
  using Value = Result<std::optional<std::string>>;
  Value cached = store_.get_cached(key);
  if (cached || cached.error().code != ErrorCode::kUnavailable) co_return cached;
  std::function<Value()> work = [this, key = std::move(key)] { return store_.get(key); };
  Value value = co_await on_blocking_thread<Value>(run_blocking_, home, std::move(work));
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
  Result<Entries> entries =
      co_await on_blocking_thread<Result<Entries>>(run_blocking_, home, std::move(work));
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
    Result<RecordBatch> batch = Error{ErrorCode::kUnavailable, "not in memory"};
    const auto found = finder_.find_in_memory(shard, sequence, limits);
    if (found) batch = read_records(journal_, shard, *found, limits, /*may_block=*/false);
    if (!batch && batch.error().code == ErrorCode::kUnavailable) {
      std::function<Result<RecordBatch>()> work = [this, shard, sequence, limits] {
        return read_cold(shard, sequence, limits);
      };
      batch =
          co_await on_blocking_thread<Result<RecordBatch>>(run_blocking_, home, std::move(work));
    }
    if (batch || batch.error().code != ErrorCode::kNotFound || attempt + 1 == kReadAttemptsMax) {
      co_return batch;
    }
    co_await io::sleep_for(home, kReadPauseUs);
  }
}

Result<RecordBatch> NodeLanes::read_cold(ShardKey shard, uint64_t sequence,
                                         const ReadLimits& limits) {
  Result<RecordFinder::Found> found = finder_.find(shard, sequence, limits);
  if (!found) return found.take_error();
  return read_records(journal_, shard, *found, limits, /*may_block=*/true);
}

io::Task<bool> NodeLanes::wait(io::Executor& home, ShardKey shard, uint64_t sequence,
                               int64_t timeout_us) {
  auto arrived = std::make_shared<io::OneShot<bool>>(home);
  RecordIndex& index = index_of(shard);
  const auto waiter = index.wait(shard, sequence, [arrived](bool there) { arrived->set(there); });
  if (!waiter) co_return index.end(shard).next_sequence > sequence;
  const io::TimerId timer = home.run_after(timeout_us, [arrived] { arrived->set(false); });
  const bool there = co_await *arrived;
  home.cancel(timer);
  if (!there) index.forget(shard, *waiter);
  co_return there;
}

uint64_t NodeLanes::next_sequence(ShardKey shard) {
  return index_of(shard).end(shard).next_sequence;
}

io::Task<Result<uint64_t>> NodeLanes::first_readable(io::Executor& home, ShardKey shard,
                                                     uint64_t sequence) {
  if (const auto found = finder_.find_in_memory(shard, sequence, kOneRecord)) co_return found->from;
  std::function<Result<uint64_t>()> work = [this, shard, sequence]() -> Result<uint64_t> {
    Result<RecordFinder::Found> found = finder_.find(shard, sequence, kOneRecord);
    if (!found) return found.take_error();
    return found->from;
  };
  Result<uint64_t> first = co_await looked_up(home, std::move(work));
  co_return first;
}

io::Task<Result<uint64_t>> NodeLanes::sequence_at(io::Executor& home, ShardKey shard,
                                                  int64_t arrival_ms) {
  if (const auto found = finder_.sequence_at_in_memory(shard, arrival_ms)) co_return *found;
  std::function<Result<uint64_t>()> work = [this, shard, arrival_ms] {
    return finder_.sequence_at(shard, arrival_ms);
  };
  Result<uint64_t> sequence = co_await looked_up(home, std::move(work));
  co_return sequence;
}

// A look-up in index files, made again while it finds that a segment changed under it.
io::Task<Result<uint64_t>> NodeLanes::looked_up(io::Executor& home,
                                                std::function<Result<uint64_t>()> look_up) {
  for (int attempt = 0;; ++attempt) {
    Result<uint64_t> found =
        co_await on_blocking_thread<Result<uint64_t>>(run_blocking_, home, look_up);
    const bool changed = !found && found.error().code == ErrorCode::kNotFound;
    if (!changed || attempt + 1 == kReadAttemptsMax) co_return found;
    co_await io::sleep_for(home, kReadPauseUs);
  }
}

void NodeLanes::end_shard(ShardKey shard) {
  index_of(shard).end_shard(shard);
}

void NodeLanes::set_retention(uint64_t stream, int64_t retention_ms) {
  retention_.set(stream, retention_ms);
}

void NodeLanes::set_retention_complete() {
  retention_.set_complete();
}

std::string NodeLanes::poisoned() const {
  std::string reason = journal_.poisoned();
  for (const auto& host : hosts_) {
    if (!reason.empty()) break;
    reason = host->trouble();
  }
  return reason;
}

void NodeLanes::start() {
  rounds_.start(replayed_from_);
}

io::Task<Result<>> NodeLanes::stop(io::Executor& home) {
  for (const auto& index : indexes_) index->stop();
  Result<> flushed = co_await rounds_.stop(home);
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
                                              io::Disk& disk, std::vector<io::Executor*> executors,
                                              RunBlocking run_blocking, Clock& clock) {
  auto lane_count = read_or_write_lane_count(journal, store, options.lane_count);
  if (!lane_count) return lane_count.take_error();
  auto recovered = recover(journal, store, *lane_count);
  if (!recovered) return recovered.take_error();
  auto files = std::make_unique<SegmentIndexes>(journal, disk, options.index_directory);
  if (Result<> opened = files->open(); !opened) return opened.take_error();
  return std::unique_ptr<OpenLanes>(new NodeLanes(options, journal, store, std::move(files),
                                                  std::move(executors), std::move(run_blocking),
                                                  clock, recovered.take()));
}

}  // namespace millstream::lanes
