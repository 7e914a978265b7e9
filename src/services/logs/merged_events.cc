#include "services/logs/merged_events.h"

#include <algorithm>
#include <limits>

namespace millstream::logs {
namespace {

constexpr size_t kChunkEvents = 256;
constexpr size_t kChunkBytes = 256u << 10;

// The first position of a stream that stands behind `after` in forward order.
EventPosition first_behind(const GroupPosition& after, uint64_t stream_id) {
  if (stream_id == after.stream_id) return {after.timestamp_ms, after.sequence + 1};
  return {stream_id > after.stream_id ? after.timestamp_ms : after.timestamp_ms + 1, 0};
}

// The end (excluded) of what stands before `after`, for the backward order.
EventPosition end_before(const GroupPosition& after, uint64_t stream_id) {
  if (stream_id == after.stream_id) return {after.timestamp_ms, after.sequence};
  return {stream_id < after.stream_id ? after.timestamp_ms + 1 : after.timestamp_ms, 0};
}

}  // namespace

MergedEvents::MergedEvents(lanes::Lanes& lanes, io::Executor& home, uint64_t group_id,
                           std::vector<Stream> streams, Range range)
    : lanes_(lanes), home_(home), range_(range) {
  for (auto& stream : streams) add_source(group_id, std::move(stream));
}

void MergedEvents::add_source(uint64_t group_id, Stream stream) {
  if (!stream.document.first_event_ms || !stream.document.last_event_ms) return;
  const bool forward = range_.direction == Direction::kForward;
  const uint64_t id = stream.document.id;
  EventPosition from{std::max(range_.from_ms, *stream.document.first_event_ms), 0};
  EventPosition to{std::min(range_.to_ms, *stream.document.last_event_ms + 1), 0};
  if (range_.after && forward) from = std::max(from, first_behind(*range_.after, id));
  if (range_.after && !forward) to = std::min(to, end_before(*range_.after, id));
  if (to <= from) return;

  sources_.push_back({std::move(stream), {group_id, id, from, to}, {}, true});
  constexpr auto kLast = std::numeric_limits<uint64_t>::max();
  queue(sources_.size() - 1, forward ? GroupPosition{from.timestamp_ms, id, from.sequence}
                                     : GroupPosition{to.timestamp_ms, id, kLast});
}

size_t MergedEvents::take_first() {
  const auto at =
      range_.direction == Direction::kForward ? queue_.begin() : std::prev(queue_.end());
  const size_t source = at->second;
  queue_.erase(at);
  return source;
}

void MergedEvents::queue_front(size_t index) {
  const Source& source = sources_[index];
  const EventPosition position = source.events.front().position;
  queue(index, {position.timestamp_ms, source.stream.document.id, position.sequence});
}

io::Task<aws::Result<>> MergedEvents::fill(size_t index) {
  StreamRange rest = sources_[index].rest;
  auto page =
      co_await read_events(lanes_, home_, rest, range_.direction, kChunkEvents, kChunkBytes);
  if (!page) co_return page.take_error();
  Source& source = sources_[index];
  source.more = page->more && !page->events.empty();
  if (!page->events.empty()) {
    const EventPosition last = page->events.back().position;
    if (range_.direction == Direction::kForward) {
      source.rest.from = {last.timestamp_ms, last.sequence + 1};
    } else {
      source.rest.to = last;
    }
  }
  for (auto& event : page->events) source.events.push_back(std::move(event));
  co_return aws::Result<>();
}

io::Task<aws::Result<std::optional<MergedEvent>>> MergedEvents::next() {
  using Next = aws::Result<std::optional<MergedEvent>>;
  while (!queue_.empty()) {
    const size_t index = take_first();
    if (sources_[index].events.empty()) {
      if (!sources_[index].more) continue;
      auto filled = co_await fill(index);
      if (!filled) co_return Next(filled.take_error());
      if (!sources_[index].events.empty()) queue_front(index);
      continue;
    }
    Source& source = sources_[index];
    MergedEvent merged;
    merged.event = std::move(source.events.front());
    source.events.pop_front();
    merged.stream_name = &source.stream.name;
    const EventPosition position = merged.event.position;
    merged.position = {position.timestamp_ms, source.stream.document.id, position.sequence};
    if (!source.events.empty()) {
      queue_front(index);
    } else if (source.more) {
      queue(index, merged.position);
    }
    co_return Next(std::optional<MergedEvent>(std::move(merged)));
  }
  co_return Next(std::optional<MergedEvent>());
}

}  // namespace millstream::logs
