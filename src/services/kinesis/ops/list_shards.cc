#include <algorithm>

#include "services/kinesis/describe.h"
#include "services/kinesis/limits.h"
#include "services/kinesis/list_shards_token.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {
namespace {

aws::Result<> check(const api::ListShardsInput& input) {
  const bool names_stream = input.stream_name || input.stream_arn || input.stream_id;
  if (!input.next_token) return {};
  if (names_stream || input.exclusive_start_shard_id || input.stream_creation_timestamp) {
    return errors::invalid_argument_exception(
        "NextToken and StreamName cannot be provided together.");
  }
  return {};
}

// All shards of a stream are open and have always been, so a filter by time selects all of them.
aws::Result<> apply_filter(const api::ShardFilter& filter, std::optional<std::string>* start) {
  if (filter.type == "AFTER_SHARD_ID") {
    if (!filter.shard_id) {
      return errors::invalid_argument_exception(
          "ShardId must be specified when ShardFilterType is AFTER_SHARD_ID.");
    }
    *start = *filter.shard_id;
  }
  const bool by_time = filter.type == "AT_TIMESTAMP" || filter.type == "FROM_TIMESTAMP";
  if (by_time && !filter.timestamp) {
    return errors::invalid_argument_exception(
        "Timestamp must be specified when ShardFilterType is " + filter.type + ".");
  }
  return {};
}

}  // namespace

io::Task<aws::Result<api::ListShardsOutput>> list_shards(Service& service,
                                                         const aws::RequestContext& context,
                                                         api::ListShardsInput input) {
  aws::Result<> checked = check(input);
  if (!checked) co_return checked.take_error();
  std::optional<std::string> start = input.exclusive_start_shard_id;
  std::shared_ptr<const Stream> stream;
  if (input.next_token) {
    const auto token = parse_list_shards_token(*input.next_token);
    if (!token) co_return errors::invalid_argument_exception("NextToken is invalid.");
    if (context.now_ms - token->created_ms > kIteratorLifetimeMs) {
      co_return errors::expired_next_token_exception("NextToken has expired.");
    }
    stream = service.catalog().find_id(token->stream);
    if (!stream) co_return errors::resource_not_found_exception("The stream was deleted.");
    start = token->last_shard_id;
  } else {
    auto found = service.find_stream(context, input.stream_name, input.stream_arn, input.stream_id);
    if (!found) co_return found.take_error();
    stream = found.take();
    if (input.shard_filter) {
      checked = apply_filter(*input.shard_filter, &start);
      if (!checked) co_return checked.take_error();
    }
  }
  api::ListShardsOutput output;
  bool has_more = false;
  output.shards = describe_shards(
      *stream, start, static_cast<size_t>(input.max_results.value_or(kListShardsLimitDefault)),
      &has_more);
  if (has_more) {
    output.next_token =
        to_text(ListShardsToken{stream->id, context.now_ms, output.shards->back().shard_id});
  }
  co_return output;
}

}  // namespace millstream::kinesis::ops
