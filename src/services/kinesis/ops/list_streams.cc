#include <algorithm>

#include "base/base64.h"
#include "services/kinesis/describe.h"
#include "services/kinesis/limits.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {
namespace {

api::StreamSummary summarize(const Stream& stream, int64_t now_ms) {
  api::StreamSummary summary;
  summary.stream_name = stream.name;
  summary.stream_arn = stream.arn();
  summary.stream_status = stream.status(now_ms);
  summary.stream_mode_details = mode_details(stream);
  summary.stream_creation_timestamp = aws::Timestamp{stream.created_ms};
  return summary;
}

}  // namespace

// The token is the last name of the page before, in base64.
io::Task<aws::Result<api::ListStreamsOutput>> list_streams(Service& service,
                                                           const aws::RequestContext& context,
                                                           api::ListStreamsInput input) {
  std::string after = input.exclusive_start_stream_name.value_or("");
  if (input.next_token) {
    const auto name = base64_decode(*input.next_token);
    if (!name) co_return errors::invalid_argument_exception("NextToken is invalid.");
    after = *name;
  }
  const auto limit = static_cast<size_t>(
      std::min(kListStreamsLimitMax, input.limit.value_or(kListStreamsLimitMax)));
  api::ListStreamsOutput output;
  output.has_more_streams = false;
  output.stream_summaries.emplace();
  std::vector<std::shared_ptr<const Stream>> streams;
  do {
    streams = service.catalog().list(context.account, context.region, after, limit + 1);
    for (const auto& stream : streams) {
      after = stream->name;
      if (is_gone(stream->transition, context.now_ms)) continue;
      output.has_more_streams = output.stream_names.size() == limit;
      if (output.has_more_streams) break;
      output.stream_names.push_back(stream->name);
      output.stream_summaries->push_back(summarize(*stream, context.now_ms));
    }
  } while (!output.has_more_streams && !streams.empty());
  if (output.has_more_streams) output.next_token = base64_encode(output.stream_names.back());
  co_return output;
}

}  // namespace millstream::kinesis::ops
