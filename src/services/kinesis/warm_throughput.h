#pragma once

#include <cstdint>

#include "aws/error.h"
#include "services/kinesis/service.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {

// Makes an on-demand stream ready for so many MiB per second of writes: it gets a shard for each,
// and gives back what it has more than that, down to what a new stream begins with. Sets
// Stream::resharding if shards change; for Resharder::begin. Fails with AWS's
// LimitExceededException when the account may not have so many.
aws::Result<> plan_warm_throughput(Service& service, int32_t mibps, int64_t now_ms, Stream* stream);

}  // namespace millstream::kinesis
