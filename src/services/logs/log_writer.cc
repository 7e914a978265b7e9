#include "services/logs/log_writer.h"

#include <algorithm>
#include <utility>

#include "services/logs/appender.h"
#include "services/logs/limits.h"

namespace millstream::logs {
namespace {

size_t cost(const functions::LogEvent& event) {
  return event.message.size() + kEventOverheadBytes + 1;
}

// The batch's events in the order of time, with the line end that a function's log lines have, and
// first of all how many are missing.
std::vector<functions::LogEvent> finished(std::vector<functions::LogEvent> events,
                                          uint64_t dropped) {
  std::stable_sort(events.begin(), events.end(), [](const auto& left, const auto& right) {
    return left.timestamp_ms < right.timestamp_ms;
  });
  for (auto& event : events) event.message.push_back('\n');
  if (dropped > 0 && !events.empty()) {
    functions::LogEvent note{events.front().timestamp_ms,
                             "[millstream] " + std::to_string(dropped) +
                                 " log events are missing here: they came faster than they could "
                                 "be written\n"};
    events.insert(events.begin(), std::move(note));
  }
  return events;
}

// The first entry behind `key`, going round, for which `wanted` says so; end() if there is none.
template <class Map, class Wanted>
auto next_round(Map& map, const typename Map::key_type& key, const Wanted& wanted) {
  const auto behind = map.upper_bound(key);
  const auto found = std::find_if(behind, map.end(), wanted);
  if (found != map.end()) return found;
  const auto again = std::find_if(map.begin(), behind, wanted);
  return again == behind ? map.end() : again;
}

}  // namespace

LogWriter::LogWriter(lanes::Lanes& lanes, Random& random, io::Executor& background,
                     std::function<void(const std::string&)> warn)
    : lanes_(lanes), random_(random), background_(background), warn_(std::move(warn)) {}

void LogWriter::write(const functions::LogTarget& target, std::vector<functions::LogEvent> events) {
  if (events.empty()) return;
  const std::lock_guard lock(mutex_);
  if (stopped_) return;
  Group& group = groups_[{target.account, target.region, target.log_group}];
  Pending& pending = group.streams[target.log_stream];
  for (auto& event : events) {
    if (group.bytes + cost(event) > kBufferBytesMax - bytes_) {
      ++pending.dropped;
      continue;
    }
    bytes_ += cost(event);
    group.bytes += cost(event);
    pending.events.push_back(std::move(event));
  }
  begin();
}

void LogWriter::begin() {
  if (std::exchange(running_, true)) return;
  background_.post([this] { io::spawn(run()); });
}

void LogWriter::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
}

io::Task<> LogWriter::flush() {
  auto done = std::make_shared<io::OneShot<bool>>(background_);
  {
    const std::lock_guard lock(mutex_);
    waiters_.push_back(done);
    begin();
  }
  co_await *done;
}

io::Task<> LogWriter::run() {
  while (true) {
    Batch batch;
    if (!take(&batch)) co_return;
    Result<> written = co_await write_batch(&batch);
    if (written) continue;
    warn_("logs: dropped " + std::to_string(batch.events.size()) + " events of " +
          batch.target.group.name + ": " + written.error().message);
    const std::lock_guard lock(mutex_);
    const auto group = groups_.find(batch.target.group);
    if (group == groups_.end()) continue;
    const auto stream = group->second.streams.find(batch.target.stream);
    if (stream == group->second.streams.end()) continue;
    stream->second.dropped += batch.events.size() + batch.dropped;
  }
}

void LogWriter::forget_empty() {
  for (auto& [address, group] : groups_) {
    std::erase_if(group.streams, [](const auto& entry) {
      return entry.second.events.empty() && entry.second.dropped == 0;
    });
  }
  std::erase_if(groups_, [](const auto& entry) { return entry.second.streams.empty(); });
}

// Takes the events of the group and the stream whose turn it is, at most one PutLogEvents batch of
// them. False when nothing is left: the run is then over.
bool LogWriter::take(Batch* batch) {
  const std::lock_guard lock(mutex_);
  forget_empty();
  const auto at = next_round(groups_, served_last_,
                             [](const auto& entry) { return entry.second.bytes > 0; });
  if (at == groups_.end()) {
    running_ = false;
    for (auto& waiter : std::exchange(waiters_, {})) waiter->set(true);
    return false;
  }
  Group& group = at->second;
  const auto stream = next_round(group.streams, group.served_last,
                                 [](const auto& entry) { return !entry.second.events.empty(); });
  batch->target = {at->first, stream->first};
  served_last_ = at->first;
  group.served_last = stream->first;
  batch->dropped = std::exchange(stream->second.dropped, 0);
  auto& events = stream->second.events;
  constexpr size_t kNoteBytes = 256;
  while (!events.empty() && batch->events.size() + 1 < kBatchEventsMax) {
    const size_t bytes = cost(events.front());
    if (batch->bytes + bytes + kNoteBytes > kBatchBytesMax && !batch->events.empty()) break;
    batch->bytes += bytes;
    bytes_ -= bytes;
    group.bytes -= bytes;
    batch->events.push_back(std::move(events.front()));
    events.pop_front();
  }
  return true;
}

io::Task<Result<>> LogWriter::write_batch(Batch* batch) {
  const auto lines = finished(std::move(batch->events), batch->dropped);
  std::vector<NewEvent> events;
  events.reserve(lines.size());
  for (const auto& line : lines) events.push_back({line.timestamp_ms, line.message});
  const lanes::LaneId lane = lanes_.lane_of(group_hash(batch->target.group));
  auto appended = co_await lanes_.run(background_, lane, [&](lanes::Transaction& transaction) {
    return append_events(transaction, batch->target.group, batch->target.stream, events,
                         WhenMissing::kCreate, random_);
  });
  batch->events = lines;
  if (appended) co_return Result<>();
  const aws::Error& error = appended.error();
  co_return Error{ErrorCode::kUnavailable, error.message + " " + error.detail};
}

}  // namespace millstream::logs
