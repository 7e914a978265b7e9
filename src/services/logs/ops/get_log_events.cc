#include <algorithm>
#include <limits>

#include "services/logs/errors.h"
#include "services/logs/event_reader.h"
#include "services/logs/limits.h"
#include "services/logs/operations.gen.h"
#include "services/logs/page_token.h"
#include "services/logs/service.h"
#include "services/logs/visible_range.h"

namespace millstream::logs::ops {
namespace {

// The tokens name the gap next to the page: forward goes on behind its last event, backward before
// its first. An empty page keeps the token that led to it and puts the other one at the same gap.
void set_tokens(const std::vector<ReadEvent>& events, const StreamRange& range, Direction direction,
                api::GetLogEventsResponse* output) {
  EventPosition ahead = direction == Direction::kForward ? range.from : range.to;
  EventPosition behind = ahead;
  if (!events.empty()) {
    behind = events.front().position;
    ahead = {events.back().position.timestamp_ms, events.back().position.sequence + 1};
  }
  output->next_forward_token = encode_stream_token({Direction::kForward, ahead});
  output->next_backward_token = encode_stream_token({Direction::kBackward, behind});
}

}  // namespace

io::Task<aws::Result<api::GetLogEventsResponse>> get_log_events(Service& service,
                                                                const aws::RequestContext& context,
                                                                api::GetLogEventsRequest input) {
  auto group = service.find_group(context, input.log_group_name, input.log_group_identifier);
  if (!group) co_return group.take_error();
  auto stream = service.catalogue().find_stream(group->document.id, input.log_stream_name);
  if (!stream) co_return no_such_stream();

  const VisibleRange visible = visible_range(*group, context.now_ms, input.start_time);
  StreamRange range{group->document.id,
                    stream->document.id,
                    {visible.from_ms, 0},
                    {input.end_time.value_or(kNoEndMs), 0}};
  Direction direction =
      input.start_from_head.value_or(false) ? Direction::kForward : Direction::kBackward;
  if (input.next_token) {
    const auto token = decode_stream_token(*input.next_token);
    if (!token) co_return invalid_token();
    direction = token->direction;
    if (direction == Direction::kForward) {
      range.from = std::max(range.from, token->position);
    } else {
      range.to = std::min(range.to, token->position);
    }
  } else if (direction == Direction::kBackward && !stream->document.last_event_ms) {
    direction =
        Direction::kForward;  // nothing to look back on: the tokens wait for the first event
  }
  const auto limit = static_cast<size_t>(input.limit.value_or(kPageEventsMax));
  auto page =
      co_await read_events(service.lanes(), context.home, range, direction, limit, kPageBytesMax);
  if (!page) co_return page.take_error();
  if (direction == Direction::kBackward) std::reverse(page->events.begin(), page->events.end());

  api::GetLogEventsResponse output;
  set_tokens(page->events, range, direction, &output);
  output.events.emplace();
  for (auto& event : page->events) {
    api::OutputLogEvent out;
    out.timestamp = event.position.timestamp_ms;
    out.message = std::move(event.message);
    out.ingestion_time = event.ingestion_ms;
    output.events->push_back(std::move(out));
  }
  co_return output;
}

}  // namespace millstream::logs::ops
