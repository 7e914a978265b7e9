#pragma once

#include "aws/error.h"
#include "lanes/lanes.h"
#include "services/kinesis/api.gen.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {

// A stored record as GetRecords and SubscribeToShard give it. Fails when its payload is damaged.
aws::Result<api::Record> to_record(const lanes::Record& stored, const Stream& stream,
                                   const Shard& shard);

}  // namespace millstream::kinesis
