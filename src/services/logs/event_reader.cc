#include "services/logs/event_reader.h"

#include "services/logs/documents.h"

namespace millstream::logs {

io::Task<aws::Result<EventPage>> read_events(lanes::Lanes& lanes, io::Executor& home,
                                             StreamRange range, Direction direction,
                                             size_t events_max, size_t bytes_max) {
  EventPage page;
  if (range.to <= range.from) co_return page;
  std::string from = event_key(range.group_id, range.stream_id, range.from);
  std::string to = event_key(range.group_id, range.stream_id, range.to);
  auto found = co_await lanes.scan(home, std::move(from), std::move(to), events_max, bytes_max,
                                   direction == Direction::kBackward);
  if (!found) co_return aws::Error(found.take_error());
  page.more = found->more;
  page.events.reserve(found->entries.size());
  for (const auto& [key, value] : found->entries) {
    const auto position = parse_event_position(key);
    auto stored = decode_event(value);
    if (!position || !stored) {
      co_return aws::internal_failure("a stored log event can't be read");
    }
    page.events.push_back({*position, stored->ingestion_ms, std::string(stored->message)});
  }
  co_return page;
}

}  // namespace millstream::logs
