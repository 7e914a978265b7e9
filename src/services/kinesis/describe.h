#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/kinesis/account_settings.h"
#include "services/kinesis/api.gen.h"
#include "services/kinesis/consumer.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {

// A shard as DescribeStream and ListShards show it.
api::Shard describe(const Shard& shard);

// The shards that took a closed one's place, as they are told of at its end.
std::vector<api::ChildShard> describe_children(const Stream& stream, uint32_t parent);

// The stream's mode, as every description carries it.
api::StreamModeDetails mode_details(const Stream& stream);

// What its descriptions say of enhanced monitoring: one entry, with the metrics that are enabled.
std::vector<api::EnhancedMetrics> monitoring(const Stream& stream);

// The warm throughput: of on-demand streams in accounts with a commitment only. A stream handles
// what its shards take: a MiB per second each.
std::optional<api::WarmThroughputObject> warm_throughput(const Stream& stream,
                                                         const AccountSettings& account,
                                                         int64_t now_ms);

api::Consumer describe(const Consumer& consumer, int64_t now_ms);
api::MinimumThroughputBillingCommitmentOutput describe(const AccountSettings& account,
                                                       int64_t now_ms);

// A page of the stream's shards behind `exclusive_start_shard_id` that `wanted` says yes to,
// without expired ones; `*has_more` tells of further ones.
std::vector<api::Shard> describe_shards(const Stream& stream,
                                        const std::optional<std::string>& exclusive_start_shard_id,
                                        size_t limit, int64_t now_ms, bool* has_more,
                                        const std::function<bool(const Shard&)>& wanted = nullptr);

}  // namespace millstream::kinesis
