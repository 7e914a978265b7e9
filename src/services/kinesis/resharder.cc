#include "services/kinesis/resharder.h"

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "lanes/stored_document.h"
#include "services/kinesis/reshard.h"
#include "services/kinesis/stream_change.h"

namespace millstream::kinesis {
namespace {

constexpr int64_t kRetryUs = 100'000;

}  // namespace

Resharder::Resharder(lanes::Lanes& lanes, const Catalog& catalog, io::Executor& background,
                     int64_t transition_ms, std::function<void(const std::string&)> warn)
    : lanes_(lanes),
      catalog_(catalog),
      background_(background),
      transition_ms_(transition_ms),
      warn_(std::move(warn)),
      sweeper_(lanes, background, [this] { return sweep(); }) {}

void Resharder::stop() {
  sweeper_.stop();
  std::unordered_map<uint64_t, std::vector<Waiter>> waiters;
  {
    const std::lock_guard lock(mutex_);
    waiters.swap(waiters_);
  }
  for (auto& [stream, waiting] : waiters) {
    for (const Waiter& waiter : waiting) waiter->set(false);
  }
}

io::Task<aws::Result<Stream>> Resharder::begin(io::Executor& home,
                                               std::shared_ptr<const Stream> stream, Plan plan) {
  const std::string key = stream->key();
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<Stream> {
    auto active = active_stream(transaction, *stream, transaction.now_ms());
    if (!active) return active;
    if (active->resharding) return not_active(*active, "UPDATING");
    aws::Result<Stream> planned = plan(active.take(), transaction.now_ms());
    if (planned) transaction.put(key, to_document(*planned));
    return planned;
  };
  aws::Result<Stream> begun =
      co_await lanes_.run(home, lanes_.lane_of(stable_hash(key)), std::move(body));
  if (!begun || !begun->resharding) co_return begun;
  wake();
  if (transition_ms_ == 0) co_await finished(home, stream->id);
  co_return begun;
}

// Goes on when no change is under way in the stream, or this stops.
io::Task<> Resharder::finished(io::Executor& home, uint64_t stream) {
  auto waiter = std::make_shared<io::OneShot<bool>>(home);
  {
    const std::lock_guard lock(mutex_);
    waiters_[stream].push_back(waiter);
  }
  const auto now = catalog_.find_id(stream);
  if (!now || !now->resharding || sweeper_.stopped()) tell_finished(stream);
  (void)co_await *waiter;
}

void Resharder::tell_finished(uint64_t stream) {
  std::vector<Waiter> waiting;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiters_.find(stream);
    if (found == waiters_.end()) return;
    waiting = std::move(found->second);
    waiters_.erase(found);
  }
  for (const Waiter& waiter : waiting) waiter->set(true);
}

// One round of every stream; gives when to look again.
io::Task<std::optional<int64_t>> Resharder::sweep() {
  const auto streams = catalog_.resharding();
  std::vector<io::Task<bool>> rounds;
  for (const auto& stream : streams) rounds.push_back(finish_round_of(stream));
  std::vector<bool> done;
  if (!rounds.empty()) done = co_await io::when_all(std::move(rounds));
  for (size_t i = 0; i < streams.size(); ++i) {
    const auto now = catalog_.find_id(streams[i]->id);
    if (!now || !now->resharding) tell_finished(streams[i]->id);
  }
  if (catalog_.resharding().empty()) co_return std::nullopt;
  const bool all_done = std::find(done.begin(), done.end(), false) == done.end();
  co_return all_done ? 0 : kRetryUs;
}

// False if it is to be tried again later.
io::Task<bool> Resharder::finish_round_of(std::shared_ptr<const Stream> stream) {
  const int64_t due_ms = stream->resharding->started_ms + transition_ms_;
  Result<bool> due = co_await is_past(due_ms);
  if (!due) warn_("kinesis: shards can't be changed yet: " + due.error().message);
  if (!due || !*due) co_return false;
  Result<std::vector<uint64_t>> ends = co_await seal_parents(stream);
  if (!ends) {
    warn_("kinesis: a shard can't be closed yet: " + ends.error().message);
    co_return false;
  }
  const std::string key = stream->key();
  auto body = [&](lanes::Transaction& transaction) -> Result<> {
    auto stored = lanes::get_document(transaction, key, parse_stream);
    if (!stored) return stored.take_error();
    if (!*stored || (*stored)->id != stream->id || !(*stored)->resharding) return {};
    finish_round(&**stored, *ends, transaction.now_ms());
    transaction.put(key, to_document(**stored));
    return {};
  };
  Result<> done =
      co_await lanes_.run(background_, lanes_.lane_of(stable_hash(key)), std::move(body));
  if (!done) warn_("kinesis: shards can't be opened yet: " + done.error().message);
  co_return done.ok();
}

// Whether that time has come by the lanes' clock. Until then the parents take records.
io::Task<Result<bool>> Resharder::is_past(int64_t time_ms) {
  if (transition_ms_ == 0) co_return true;
  auto body = [&](lanes::Transaction& transaction) -> Result<bool> {
    return transaction.now_ms() >= time_ms;
  };
  Result<bool> past =
      co_await lanes_.run(background_, lanes_.lane_of(uint64_t{0}), std::move(body));
  co_return past;
}

// Gives their ends, in the round's order.
io::Task<Result<std::vector<uint64_t>>> Resharder::seal_parents(
    std::shared_ptr<const Stream> stream) {
  std::vector<io::Task<Result<uint64_t>>> seals;
  for (const uint32_t parent : stream->resharding->round.parents) {
    seals.push_back(seal({stream->id, parent}));
  }
  std::vector<Result<uint64_t>> sealed = co_await io::when_all(std::move(seals));
  std::vector<uint64_t> ends;
  for (Result<uint64_t>& end : sealed) {
    if (!end) co_return end.take_error();
    ends.push_back(*end);
  }
  co_return ends;
}

io::Task<Result<uint64_t>> Resharder::seal(lanes::ShardKey shard) {
  auto body = [&](lanes::Transaction& transaction) -> Result<uint64_t> {
    return transaction.seal(shard);
  };
  Result<uint64_t> end = co_await lanes_.run(background_, lanes_.lane_of(shard), std::move(body));
  co_return end;
}

}  // namespace millstream::kinesis
