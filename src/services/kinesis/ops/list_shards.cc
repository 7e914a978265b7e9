#include <fmt/format.h>

#include "services/kinesis/access.h"
#include "services/kinesis/describe.h"
#include "services/kinesis/limits.h"
#include "services/kinesis/list_shards_token.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"
#include "services/kinesis/stream_change.h"

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

}  // namespace

io::Task<aws::Result<api::ListShardsOutput>> list_shards(Service& service,
                                                         const aws::RequestContext& context,
                                                         api::ListShardsInput input) {
  aws::Result<> checked = check(input);
  if (!checked) co_return checked.take_error();
  std::optional<std::string> start = input.exclusive_start_shard_id;
  std::shared_ptr<const Stream> stream;
  ShardSelection selection;
  if (input.next_token) {
    const auto token = parse_list_shards_token(*input.next_token);
    if (!token) co_return errors::invalid_argument_exception("NextToken is invalid.");
    if (context.now_ms - token->created_ms > kIteratorLifetimeMs) {
      co_return errors::expired_next_token_exception("NextToken has expired.");
    }
    stream = service.catalog().find_id(token->stream);
    if (!stream) co_return errors::resource_not_found_exception("The stream was deleted.");
    checked = check_access(context, *stream);
    if (!checked) co_return checked.take_error();
    start = token->last_shard_id;
    selection = token->selection;
  } else {
    auto found = service.find_stream_in_any_status(context, input.stream_name, input.stream_arn,
                                                   input.stream_id);
    if (!found) co_return found.take_error();
    if ((*found)->status(context.now_ms) == "CREATING") {
      co_return not_active(**found, (*found)->status(context.now_ms));
    }
    stream = found.take();
    // Another stream of the same name, which is gone.
    if (input.stream_creation_timestamp &&
        input.stream_creation_timestamp->ms / 1000 != stream->created_ms / 1000) {
      co_return errors::resource_not_found_exception(
          fmt::format("Stream {} under account {} that was created at {} not found.", stream->name,
                      stream->account, input.stream_creation_timestamp->ms / 1000));
    }
    if (input.shard_filter) {
      auto selected = select_shards(*stream, *input.shard_filter, context.now_ms, &start);
      if (!selected) co_return selected.take_error();
      selection = *selected;
    }
  }
  api::ListShardsOutput output;
  bool has_more = false;
  output.shards = describe_shards(
      *stream, start, static_cast<size_t>(input.max_results.value_or(kListShardsLimitDefault)),
      context.now_ms, &has_more, [&](const Shard& shard) { return selection.holds(shard); });
  if (has_more) {
    output.next_token = to_text(
        ListShardsToken{stream->id, context.now_ms, selection, output.shards->back().shard_id});
  }
  co_return output;
}

}  // namespace millstream::kinesis::ops
