#include <fmt/format.h>

#include "services/kinesis/operations.gen.h"
#include "services/kinesis/reshard.h"
#include "services/kinesis/reshard_request.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {
namespace {

aws::Result<Stream> plan(const api::MergeShardsInput& input, Stream stream, int64_t now_ms) {
  auto shard = find_open_shard(stream, input.shard_to_merge, now_ms);
  if (!shard) return shard.take_error();
  auto adjacent = find_open_shard(stream, input.adjacent_shard_to_merge, now_ms);
  if (!adjacent) return adjacent.take_error();
  // Whichever of the two comes first; the ends of the hash space are no neighbours.
  const auto comes_before = [](const Shard& left, const Shard& right) {
    return left.ending_hash_key != kHashKeyMax &&
           left.ending_hash_key + 1 == right.starting_hash_key;
  };
  if (!comes_before(**shard, **adjacent) && !comes_before(**adjacent, **shard)) {
    return errors::invalid_argument_exception(
        fmt::format("Shards {} and {} in stream {} under account {} are not an adjacent pair of "
                    "shards eligible for merging",
                    (*shard)->id(), (*adjacent)->id(), stream.name, stream.account));
  }
  stream.resharding = {std::nullopt, false, now_ms, merge_round(stream, **shard, **adjacent)};
  return stream;
}

}  // namespace

io::Task<aws::Result<aws::Empty>> merge_shards(Service& service, const aws::RequestContext& context,
                                               api::MergeShardsInput input) {
  Resharder::Plan planned = [&](Stream now, int64_t now_ms) {
    return plan(input, std::move(now), now_ms);
  };
  auto begun = co_await reshard(service, context, input.stream_name, input.stream_arn,
                                input.stream_id, std::move(planned));
  if (!begun) co_return begun.take_error();
  co_return aws::Empty{};
}

}  // namespace millstream::kinesis::ops
