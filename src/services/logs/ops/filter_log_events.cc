#include "services/logs/errors.h"
#include "services/logs/filter_pattern.h"
#include "services/logs/limits.h"
#include "services/logs/merged_events.h"
#include "services/logs/operations.gen.h"
#include "services/logs/page_token.h"
#include "services/logs/service.h"
#include "services/logs/visible_range.h"

namespace millstream::logs::ops {
namespace {

aws::Result<std::vector<Stream>> wanted_streams(const Catalogue& catalogue, const Group& group,
                                                const api::FilterLogEventsRequest& input) {
  if (!input.log_stream_names) {
    return catalogue.streams(group.document.id, input.log_stream_name_prefix.value_or(""));
  }
  if (input.log_stream_name_prefix) {
    return errors::invalid_parameter_exception(
        "logStreamNames and logStreamNamePrefix are mutually exclusive parameters.");
  }
  std::map<std::string, Stream> streams;  // a name given twice counts once
  for (const auto& name : *input.log_stream_names) {
    auto stream = catalogue.find_stream(group.document.id, name);
    if (!stream) return no_such_stream();
    streams[name] = std::move(*stream);
  }
  std::vector<Stream> found;
  for (auto& [name, stream] : streams) found.push_back(std::move(stream));
  return found;
}

aws::Result<MergedEvents::Range> wanted_range(const Group& group, int64_t now_ms,
                                              const api::FilterLogEventsRequest& input) {
  if (input.start_time && input.end_time && *input.start_time > *input.end_time) {
    return errors::invalid_parameter_exception("startTime must not be later than endTime.");
  }
  MergedEvents::Range range;
  range.from_ms = visible_range(group, now_ms, input.start_time).from_ms;
  range.to_ms = input.end_time && *input.end_time < kNoEndMs ? *input.end_time + 1 : kNoEndMs;
  if (!input.start_from_head.value_or(true)) range.direction = Direction::kBackward;
  if (input.next_token) {
    range.after = decode_group_token(*input.next_token);
    if (!range.after) return invalid_token();
  }
  return range;
}

api::FilteredLogEvent describe(MergedEvent merged) {
  api::FilteredLogEvent out;
  out.log_stream_name = *merged.stream_name;
  out.timestamp = merged.event.position.timestamp_ms;
  out.message = std::move(merged.event.message);
  out.ingestion_time = merged.event.ingestion_ms;
  out.event_id = event_id(merged.position);
  return out;
}

// Walks until the page is full or enough was looked at; the token says where to go on.
io::Task<aws::Result<api::FilterLogEventsResponse>> collect(MergedEvents& events,
                                                            const FilterPattern& pattern,
                                                            size_t limit) {
  api::FilterLogEventsResponse output;
  output.events.emplace();
  output.searched_log_streams.emplace();
  size_t bytes = 0;
  for (size_t searched = 1;; ++searched) {
    auto next = co_await events.next();
    if (!next) co_return next.take_error();
    if (!*next) co_return output;
    const GroupPosition position = (*next)->position;
    if (pattern.matches((*next)->event.message)) {
      bytes += (*next)->event.message.size() + kEventOverheadBytes;
      output.events->push_back(describe(std::move(**next)));
    }
    if (output.events->size() < limit && bytes < kPageBytesMax && searched < kSearchedEventsMax) {
      continue;
    }
    output.next_token = encode_group_token(position);
    co_return output;
  }
}

}  // namespace

io::Task<aws::Result<api::FilterLogEventsResponse>> filter_log_events(
    Service& service, const aws::RequestContext& context, api::FilterLogEventsRequest input) {
  auto group = service.find_group(context, input.log_group_name, input.log_group_identifier);
  if (!group) co_return group.take_error();
  auto pattern = FilterPattern::parse(input.filter_pattern.value_or(""));
  if (!pattern) co_return pattern.take_error();
  auto streams = wanted_streams(service.catalogue(), *group, input);
  if (!streams) co_return streams.take_error();
  auto range = wanted_range(*group, context.now_ms, input);
  if (!range) co_return range.take_error();

  MergedEvents events(service.lanes(), context.home, group->document.id, streams.take(),
                      range.take());
  const auto limit = static_cast<size_t>(input.limit.value_or(kPageEventsMax));
  auto output = co_await collect(events, *pattern, limit);
  co_return output;
}

}  // namespace millstream::logs::ops
