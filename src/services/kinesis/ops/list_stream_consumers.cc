#include <algorithm>

#include "services/kinesis/describe.h"
#include "services/kinesis/limits.h"
#include "services/kinesis/list_shards_token.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {
namespace {

constexpr int32_t kMaxResults = 100;

}  // namespace

// The token is of the listing of shards' form: the stream, when it was given, and the last name.
io::Task<aws::Result<api::ListStreamConsumersOutput>> list_stream_consumers(
    Service& service, const aws::RequestContext& context, api::ListStreamConsumersInput input) {
  auto stream =
      service.find_stream_in_any_status(context, std::nullopt, input.stream_arn, input.stream_id);
  if (!stream) co_return stream.take_error();
  std::string after;
  if (input.next_token) {
    if (input.stream_creation_timestamp) {
      co_return errors::invalid_argument_exception(
          "NextToken and StreamCreationTimestamp cannot be provided together.");
    }
    const auto token = parse_list_shards_token(*input.next_token);
    if (!token || token->stream != (*stream)->id) {
      co_return errors::invalid_argument_exception("NextToken is invalid.");
    }
    if (context.now_ms - token->created_ms > kIteratorLifetimeMs) {
      co_return errors::expired_next_token_exception("NextToken has expired.");
    }
    after = token->last_shard_id;
  }
  if (input.stream_creation_timestamp &&
      input.stream_creation_timestamp->ms / 1000 != (*stream)->created_ms / 1000) {
    co_return stream_not_found((*stream)->name, (*stream)->account);
  }
  const auto limit =
      static_cast<size_t>(std::min(kMaxResults, input.max_results.value_or(kMaxResults)));
  api::ListStreamConsumersOutput output;
  output.consumers.emplace();
  for (const auto& consumer : service.catalog().consumers(**stream, after)) {
    if (is_gone(consumer->transition, context.now_ms)) continue;
    if (output.consumers->size() == limit) {
      const std::string& last = output.consumers->back().consumer_name;
      output.next_token = to_text(ListShardsToken{
          .stream = (*stream)->id, .created_ms = context.now_ms, .last_shard_id = last});
      break;
    }
    output.consumers->push_back(describe(*consumer, context.now_ms));
  }
  co_return output;
}

}  // namespace millstream::kinesis::ops
