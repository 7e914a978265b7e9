#include "services/kinesis/warm_throughput.h"

#include <algorithm>

#include "services/kinesis/account_limits.h"
#include "services/kinesis/limits.h"
#include "services/kinesis/reshard.h"
#include "services/kinesis/stream_change.h"

namespace millstream::kinesis {

aws::Result<> plan_warm_throughput(Service& service, int32_t mibps, int64_t now_ms,
                                   Stream* stream) {
  const auto current = static_cast<int32_t>(stream->open_shards.size());
  const int32_t target = std::max(mibps, std::min(current, std::max(mibps, kShardCountDefault)));
  if (target > current) {
    aws::Result<> room =
        check_room_for_shards(service, *stream, static_cast<size_t>(target - current));
    if (!room) return room;
  }
  stream->settings.warm_throughput_mibps = mibps;
  auto round = next_even_round(*stream, target);
  if (round) {
    stream->resharding = {target, false, now_ms, std::move(*round)};
  } else {
    stream->transition = transition_to(service, "UPDATING", now_ms);
  }
  return {};
}

}  // namespace millstream::kinesis
