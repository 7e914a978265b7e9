#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/error.h"
#include "aws/request_context.h"
#include "io/task.h"
#include "services/kinesis/record.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis {

// One record on its way into a stream. The views live until the put has ended.
struct PutEntry {
  RecordPayload record;
  const Shard* shard = nullptr;     // of the stream
  std::string sequence_number;      // set when it is durable
  std::optional<aws::Error> error;  // set when it isn't there
};

// Every record needs a partition key as long as the stream distributes by it; the model leaves it
// optional for streams that don't. `path` names the member in AWS's validation error.
aws::Result<> require_partition_key(const std::optional<std::string>& key, std::string_view path);

// Finds the entry's shard. Fails with AWS's InvalidArgumentException when the explicit hash key is
// out of range or the record is larger than the stream takes.
aws::Result<> route(const Stream& stream, const std::optional<std::string>& explicit_hash_key,
                    PutEntry* entry);

// Makes the routed entries durable, a transaction for each lane, all under way at once. Each entry
// ends with a sequence number or an error; entries of one shard are in their order. `entries` and
// `stream` outlive the task.
io::Task<> put_entries(Service& service, const aws::RequestContext& context, const Stream& stream,
                       std::vector<PutEntry>& entries);

}  // namespace millstream::kinesis
