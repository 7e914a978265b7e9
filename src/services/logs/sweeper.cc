#include "services/logs/sweeper.h"

#include <utility>

#include "services/logs/limits.h"

namespace millstream::logs {
namespace {

// Erases `keys` and takes their events out of the stream's document, if it is still there.
Result<> erase_keys(lanes::Transaction& transaction, const std::vector<std::string>& keys,
                    int64_t bytes, const std::string& stream,
                    std::optional<int64_t> first_left_ms) {
  for (const auto& key : keys) transaction.erase(key);
  if (stream.empty()) return {};
  auto stored = transaction.get(stream);
  if (!stored) return stored.take_error();
  if (!*stored) return {};
  auto document = decode_stream(**stored);
  if (!document) return document.take_error();
  document->stored_bytes -= bytes;
  document->first_event_ms = first_left_ms;
  if (!first_left_ms) document->last_event_ms.reset();
  transaction.put(stream, encode(*document));
  return {};
}

}  // namespace

Sweeper::Sweeper(lanes::Lanes& lanes, Clock& clock, io::Executor& background,
                 const Catalogue& catalogue, std::function<void(const std::string&)> warn)
    : lanes_(lanes),
      clock_(clock),
      background_(background),
      catalogue_(catalogue),
      warn_(std::move(warn)) {}

void Sweeper::start() {
  wake();
}

void Sweeper::stop() {
  stopped_ = true;
  if (std::exchange(timer_set_, false)) background_.cancel(timer_);
}

void Sweeper::wake() {
  background_.post([this] { begin_round(); });
}

void Sweeper::begin_round() {
  if (stopped_) return;
  if (running_) {
    again_ = true;
    return;
  }
  running_ = true;
  if (std::exchange(timer_set_, false)) background_.cancel(timer_);
  io::spawn(round());
}

io::Task<> Sweeper::round() {
  do {
    again_ = false;
    const auto removals = catalogue_.removals();
    for (size_t i = 0; i < removals.size() && !stopped_; ++i) {
      auto done = co_await finish_removal(removals[i]);
      if (!done) warn_("logs: cannot remove deleted events: " + done.error().message);
    }
    const auto groups = catalogue_.groups_with_retention();
    for (size_t i = 0; i < groups.size() && !stopped_; ++i) {
      auto done = co_await expire_group(groups[i]);
      if (!done) warn_("logs: cannot remove expired events: " + done.error().message);
    }
  } while (again_ && !stopped_);
  running_ = false;
  if (stopped_) co_return;
  timer_ = background_.run_after(kRoundUs, [this] {
    timer_set_ = false;
    begin_round();
  });
  timer_set_ = true;
}

io::Task<Result<>> Sweeper::finish_removal(Catalogue::PendingRemoval pending) {
  const lanes::LaneId lane = lanes_.lane_of(pending.group_hash);
  const Removal removal = pending.removal;
  const std::string prefix = removal.stream_id == 0
                                 ? event_prefix(removal.group_id)
                                 : event_prefix(removal.group_id, removal.stream_id);
  bool more = true;
  while (more && !stopped_) {
    auto erased = co_await erase_some(lane, prefix, lanes::prefix_end(prefix), "");
    if (!erased) co_return erased.take_error();
    more = *erased;
  }
  if (more) co_return Result<>();
  const std::string key = removal_key(removal.group_id, removal.stream_id);
  Result<> erased = co_await lanes_.run(background_, lane, [&](lanes::Transaction& transaction) {
    transaction.erase(key);
    return Result<>();
  });
  co_return erased;
}

io::Task<Result<>> Sweeper::expire_group(Group group) {
  const int64_t cutoff_ms = clock_.wall_ms() - *group.document.retention_days * kDayMs;
  const auto streams = catalogue_.streams(group.document.id, "");
  for (size_t i = 0; i < streams.size() && !stopped_; ++i) {
    const auto first = streams[i].document.first_event_ms;
    if (!first || *first >= cutoff_ms) continue;
    auto expired = co_await expire_stream(group, streams[i], cutoff_ms);
    if (!expired) co_return expired;
  }
  co_return Result<>();
}

io::Task<Result<>> Sweeper::expire_stream(Group group, Stream stream, int64_t cutoff_ms) {
  const lanes::LaneId lane = lanes_.lane_of(group_hash(group.address));
  const std::string from = event_prefix(group.document.id, stream.document.id);
  const std::string to = event_key(group.document.id, stream.document.id, {cutoff_ms, 0});
  const std::string key = stream_key(group.document.id, stream.name);
  bool more = true;
  while (more && !stopped_) {
    auto erased = co_await erase_some(lane, from, to, key);
    if (!erased) co_return erased.take_error();
    more = *erased;
  }
  co_return Result<>();
}

io::Task<Result<bool>> Sweeper::erase_some(lanes::LaneId lane, std::string from, std::string to,
                                           std::string stream_to_update) {
  constexpr size_t kBytes = 8u << 20;
  auto found = co_await lanes_.scan(background_, from, to, kSweepEvents, kBytes);
  if (!found) co_return found.take_error();
  std::vector<std::string> keys;
  int64_t bytes = 0;
  for (const auto& [key, value] : found->entries) {
    const auto event = decode_event(value);
    if (event) bytes += static_cast<int64_t>(event->message.size() + kEventOverheadBytes);
    keys.push_back(key);
  }
  const bool more = found->more && !keys.empty();
  const bool account = !stream_to_update.empty();
  if (keys.empty() && !account) co_return false;

  Result<> erased = co_await lanes_.run(background_, lane, [&](lanes::Transaction& transaction) {
    // What is left of the stream begins behind the erased keys, whether past the cutoff or not.
    std::optional<int64_t> first_left_ms;
    if (account) {
      const std::string behind = keys.empty() ? from : keys.back() + '\0';
      const std::string end = lanes::prefix_end(from.substr(0, event_prefix(0, 0).size()));
      Result<> scanned = transaction.scan(behind, end, [&](auto key, auto) {
        if (const auto position = parse_event_position(key)) first_left_ms = position->timestamp_ms;
        return false;
      });
      if (!scanned) return scanned;
    }
    return erase_keys(transaction, keys, bytes, stream_to_update, first_left_ms);
  });
  if (!erased) co_return erased.take_error();
  co_return more;
}

}  // namespace millstream::logs
