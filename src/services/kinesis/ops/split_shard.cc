#include <fmt/format.h>

#include "services/kinesis/account_limits.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/reshard.h"
#include "services/kinesis/reshard_request.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {
namespace {

aws::Result<Stream> plan(Service& service, const api::SplitShardInput& input, Stream stream,
                         int64_t now_ms) {
  auto shard = find_open_shard(stream, input.shard_to_split, now_ms);
  if (!shard) return shard.take_error();
  const auto second_start = parse_hash_key(input.new_starting_hash_key);
  const bool inside = second_start && *second_start > (*shard)->starting_hash_key + 1 &&
                      *second_start < (*shard)->ending_hash_key;
  if (!inside) {
    return errors::invalid_argument_exception(fmt::format(
        "NewStartingHashKey {} used in SplitShard() on shard {} in stream {} under account {} is "
        "not both greater than one plus the shard's StartingHashKey {} and less than the shard's "
        "EndingHashKey {}.",
        input.new_starting_hash_key, (*shard)->id(), stream.name, stream.account,
        to_decimal((*shard)->starting_hash_key), to_decimal((*shard)->ending_hash_key)));
  }
  aws::Result<> room = check_room_for_shards(service, stream, 1);
  if (!room) return room.take_error();
  stream.resharding = {std::nullopt, false, now_ms, split_round(stream, **shard, *second_start)};
  return stream;
}

}  // namespace

io::Task<aws::Result<aws::Empty>> split_shard(Service& service, const aws::RequestContext& context,
                                              api::SplitShardInput input) {
  Resharder::Plan planned = [&](Stream now, int64_t now_ms) {
    return plan(service, input, std::move(now), now_ms);
  };
  auto begun = co_await reshard(service, context, input.stream_name, input.stream_arn,
                                input.stream_id, std::move(planned));
  if (!begun) co_return begun.take_error();
  co_return aws::Empty{};
}

}  // namespace millstream::kinesis::ops
