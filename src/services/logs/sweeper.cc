#include "services/logs/sweeper.h"

#include <utility>

#include "lanes/stored_document.h"
#include "services/logs/limits.h"

namespace millstream::logs {
namespace {

// Erases `keys` and takes their events out of the stream's document, if it is still there.
Result<> erase_keys(lanes::Transaction& transaction, const std::vector<std::string>& keys,
                    int64_t bytes, const std::string& stream,
                    std::optional<int64_t> first_left_ms) {
  for (const auto& key : keys) transaction.erase(key);
  auto found = lanes::get_document(transaction, stream, decode_stream);
  if (!found) return found.take_error();
  if (!*found) return {};
  StreamDocument& document = **found;
  document.stored_bytes -= bytes;
  document.first_event_ms = first_left_ms;
  if (!first_left_ms) document.last_event_ms.reset();
  transaction.put(stream, encode(document));
  return {};
}

}  // namespace

Sweeper::Sweeper(lanes::Lanes& lanes, Clock& clock, io::Executor& background,
                 const Catalogue& catalogue, std::function<void(const std::string&)> warn)
    : lanes_(lanes),
      clock_(clock),
      background_(background),
      catalogue_(catalogue),
      warn_(std::move(warn)),
      sweeper_(lanes, background, [this] { return round(); }) {}

io::Task<std::optional<int64_t>> Sweeper::round() {
  const auto removals = catalogue_.removals();
  for (size_t i = 0; i < removals.size() && !sweeper_.stopped(); ++i) {
    auto done = co_await finish_removal(removals[i]);
    if (!done) warn_("logs: cannot remove deleted events: " + done.error().message);
  }
  const auto groups = catalogue_.groups_with_retention();
  for (size_t i = 0; i < groups.size() && !sweeper_.stopped(); ++i) {
    auto done = co_await expire_group(groups[i]);
    if (!done) warn_("logs: cannot remove expired events: " + done.error().message);
  }
  co_return kRoundUs;
}

io::Task<Result<>> Sweeper::finish_removal(Catalogue::PendingRemoval pending) {
  const lanes::LaneId lane = lanes_.lane_of(pending.group_hash);
  const Removal removal = pending.removal;
  const std::string prefix = removal.stream_id == 0
                                 ? event_prefix(removal.group_id)
                                 : event_prefix(removal.group_id, removal.stream_id);
  Result<bool> gone = co_await sweeper_.erase_range(prefix, lanes::prefix_end(prefix),
                                                    [lane](std::string_view) { return lane; });
  if (!gone) co_return gone.take_error();
  if (!*gone) co_return Result<>();
  std::vector<std::string> last = {removal_key(removal.group_id, removal.stream_id)};
  Result<> finished = co_await sweeper_.erase_keys(lane, std::move(last));
  co_return finished;
}

io::Task<Result<>> Sweeper::expire_group(Group group) {
  const int64_t cutoff_ms = clock_.wall_ms() - *group.document.retention_days * kDayMs;
  const auto streams = catalogue_.streams(group.document.id, "");
  for (size_t i = 0; i < streams.size() && !sweeper_.stopped(); ++i) {
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
  while (more && !sweeper_.stopped()) {
    auto erased = co_await expire_some(lane, from, to, key);
    if (!erased) co_return erased.take_error();
    more = *erased;
  }
  co_return Result<>();
}

io::Task<Result<bool>> Sweeper::expire_some(lanes::LaneId lane, std::string from, std::string to,
                                            std::string stream) {
  constexpr size_t kBytes = 8u << 20;
  auto found = co_await lanes_.scan(background_, from, to, lanes::Sweeper::kKeysMax, kBytes);
  if (!found) co_return found.take_error();
  std::vector<std::string> keys;
  int64_t bytes = 0;
  for (const auto& [key, value] : found->entries) {
    const auto event = decode_event(value);
    if (event) bytes += static_cast<int64_t>(event->message.size() + kEventOverheadBytes);
    keys.push_back(key);
  }
  Result<> erased = co_await lanes_.run(background_, lane, [&](lanes::Transaction& transaction) {
    // What is left of the stream begins behind the erased keys, whether past the cutoff or not.
    std::optional<int64_t> first_left_ms;
    const std::string behind = keys.empty() ? from : keys.back() + '\0';
    const std::string end = lanes::prefix_end(from.substr(0, event_prefix(0, 0).size()));
    Result<> scanned = transaction.scan(behind, end, [&](auto key, auto) {
      if (const auto position = parse_event_position(key)) first_left_ms = position->timestamp_ms;
      return false;
    });
    if (!scanned) return scanned;
    return erase_keys(transaction, keys, bytes, stream, first_left_ms);
  });
  if (!erased) co_return erased.take_error();
  co_return found->more && !keys.empty();
}

}  // namespace millstream::logs
