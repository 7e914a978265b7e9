#pragma once

#include <string>
#include <vector>

#include "services/kinesis/api.gen.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {

// A shard as DescribeStream and ListShards show it.
api::Shard describe(const Shard& shard);

// The stream's mode, as every description carries it.
api::StreamModeDetails mode_details(const Stream& stream);

// A page of the stream's shards behind `exclusive_start_shard_id`; `*has_more` tells of further
// ones.
std::vector<api::Shard> describe_shards(const Stream& stream,
                                        const std::optional<std::string>& exclusive_start_shard_id,
                                        size_t limit, bool* has_more);

}  // namespace millstream::kinesis
