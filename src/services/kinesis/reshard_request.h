#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/error.h"
#include "aws/request_context.h"
#include "io/task.h"
#include "services/kinesis/service.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {

// What requests that change a stream's shards check, with AWS's errors.

// Changes the shards of the provisioned stream that a request names, as `plan` says; gives the
// stream as it was found. Fails as Service::find_stream_in_any_status and Resharder::begin do, and
// with ValidationException for an on-demand stream, which changes its shards itself.
io::Task<aws::Result<std::shared_ptr<const Stream>>> reshard(
    Service& service, const aws::RequestContext& context, std::optional<std::string> name,
    std::optional<std::string> arn, std::optional<std::string> stream_id, Resharder::Plan plan);

// The open shard that a request names: ResourceNotFoundException if there is none, and
// InvalidArgumentException if it is closed. Valid as long as `stream`.
aws::Result<const Shard*> find_open_shard(const Stream& stream, const std::string& shard_id,
                                          int64_t now_ms);

}  // namespace millstream::kinesis
