#include <fmt/format.h>

#include "services/kinesis/account_limits.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/reshard.h"
#include "services/kinesis/reshard_request.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {
namespace {

aws::Result<> check_target(int32_t current, int32_t target, int64_t target_max) {
  const auto refused = [&](std::string_view what) {
    return errors::limit_exceeded_exception(fmt::format(
        "{}. Current open shard count: {}, Target shard count: {}", what, current, target));
  };
  if (target > target_max) {
    return refused(fmt::format(
        "Target shard count or number of open shards cannot be greater than {}", target_max));
  }
  if (target > 2 * current) {
    return refused("UpdateShardCount cannot scale up over double your current open shard count");
  }
  if (2 * target < current) {
    return refused("UpdateShardCount cannot scale down below half your current open shard count");
  }
  return {};
}

aws::Result<Stream> plan(Service& service, int32_t target, Stream stream, int64_t now_ms) {
  const auto current = static_cast<int32_t>(stream.open_shards.size());
  aws::Result<> checked =
      check_target(current, target, service.quotas()[Quota::kShardCountUpdateMax]);
  if (checked && target > current) {
    checked = check_room_for_shards(service, stream, static_cast<size_t>(target - current));
  }
  if (!checked) return checked.take_error();
  const int64_t updates_max = service.quotas()[Quota::kShardCountUpdates];
  if (!count_in_day(now_ms, updates_max, &stream.shard_count_updates_ms)) {
    return errors::limit_exceeded_exception(fmt::format(
        "Stream {} under account {} can only be scaled {} times in a rolling 24-hour period.",
        stream.name, stream.account, updates_max));
  }
  auto round = next_even_round(stream, target);
  if (round) stream.resharding = {target, false, now_ms, std::move(*round)};
  return stream;
}

}  // namespace

io::Task<aws::Result<api::UpdateShardCountOutput>> update_shard_count(
    Service& service, const aws::RequestContext& context, api::UpdateShardCountInput input) {
  int32_t current = 0;
  Resharder::Plan planned = [&](Stream now, int64_t now_ms) {
    current = static_cast<int32_t>(now.open_shards.size());
    return plan(service, input.target_shard_count, std::move(now), now_ms);
  };
  auto stream = co_await reshard(service, context, input.stream_name, input.stream_arn,
                                 input.stream_id, std::move(planned));
  if (!stream) co_return stream.take_error();
  api::UpdateShardCountOutput output;
  output.stream_name = (*stream)->name;
  output.stream_arn = (*stream)->arn();
  output.current_shard_count = current;
  output.target_shard_count = input.target_shard_count;
  co_return output;
}

}  // namespace millstream::kinesis::ops
