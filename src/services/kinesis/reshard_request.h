#pragma once

#include <string>

#include "aws/error.h"
#include "services/kinesis/service.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {

// What requests that change a stream's shards check, with AWS's errors.

// On-demand streams change their shards themselves: ValidationException.
aws::Result<> require_provisioned(const Stream& stream);

// The open shard that a request names: ResourceNotFoundException if there is none, and
// InvalidArgumentException if it is closed. Valid as long as `stream`.
aws::Result<const Shard*> find_open_shard(const Stream& stream, const std::string& shard_id,
                                          int64_t now_ms);

}  // namespace millstream::kinesis
