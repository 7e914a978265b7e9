#include <algorithm>
#include <charconv>

#include "services/logs/errors.h"
#include "services/logs/limits.h"
#include "services/logs/operations.gen.h"
#include "services/logs/service.h"

namespace millstream::logs::ops {
namespace {

// The streams in the order that the request wants.
std::vector<Stream> sorted(std::vector<Stream> streams, bool by_time, bool descending) {
  if (by_time) {
    std::stable_sort(streams.begin(), streams.end(), [](const Stream& left, const Stream& right) {
      return left.document.last_event_ms.value_or(0) < right.document.last_event_ms.value_or(0);
    });
  }
  if (descending) std::reverse(streams.begin(), streams.end());
  return streams;
}

api::LogStream describe(const Group& group, const Stream& stream) {
  api::LogStream output;
  output.log_stream_name = stream.name;
  output.creation_time = stream.document.creation_ms;
  output.first_event_timestamp = stream.document.first_event_ms;
  output.last_event_timestamp = stream.document.last_event_ms;
  output.last_ingestion_time = stream.document.last_ingestion_ms;
  output.arn = group_arn(group.address) + ":log-stream:" + stream.name;
  output.stored_bytes = stream.document.stored_bytes;
  return output;
}

// The token is how many streams the earlier pages held.
aws::Result<size_t> start_of(const std::optional<std::string>& token) {
  size_t start = 0;
  if (!token) return start;
  const char* end = token->data() + token->size();
  const auto [at, error] = std::from_chars(token->data(), end, start);
  if (error != std::errc() || at != end) return invalid_token();
  return start;
}

}  // namespace

io::Task<aws::Result<api::DescribeLogStreamsResponse>> describe_log_streams(
    Service& service, const aws::RequestContext& context, api::DescribeLogStreamsRequest input) {
  auto group = service.find_group(context, input.log_group_name, input.log_group_identifier);
  if (!group) co_return group.take_error();
  const bool by_time = input.order_by.value_or("LogStreamName") == "LastEventTime";
  if (by_time && input.log_stream_name_prefix) {
    co_return errors::invalid_parameter_exception(
        "Cannot order by LastEventTime with a logStreamNamePrefix.");
  }
  auto start = start_of(input.next_token);
  if (!start) co_return start.take_error();
  const auto streams = sorted(
      service.catalogue().streams(group->document.id, input.log_stream_name_prefix.value_or("")),
      by_time, input.descending.value_or(false));
  const size_t first = std::min(*start, streams.size());
  const size_t end =
      std::min(first + static_cast<size_t>(input.limit.value_or(kDescribeMax)), streams.size());
  api::DescribeLogStreamsResponse output;
  output.log_streams.emplace();
  for (size_t i = first; i < end; ++i) output.log_streams->push_back(describe(*group, streams[i]));
  if (end < streams.size()) output.next_token = std::to_string(end);
  co_return output;
}

}  // namespace millstream::logs::ops
