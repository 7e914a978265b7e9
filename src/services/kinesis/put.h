#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/error.h"
#include "aws/request_context.h"
#include "io/task.h"
#include "services/kinesis/record.h"
#include "services/kinesis/sequence_number.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis {

// One record on its way into a stream. The views live until the put has ended.
struct PutEntry {
  RecordPayload record;
  HashKey hash = 0;
  uint32_t shard_index = 0;           // where it goes, or went
  int64_t shard_created_seconds = 0;  // of that shard
  uint64_t sequence = 0;              // 0 until it is in a lane; durable when the put has ended
  int64_t arrival_ms = 0;
  std::shared_ptr<const aws::Error> error;  // set when it isn't there

  [[nodiscard]] SequenceNumber sequence_number() const;  // of a durable one
  void go_to(const Shard& shard);
};

// How PutRecords tells of one record that isn't there.
struct PutFailure {
  std::string_view code;
  std::string_view message;
};
// `error` outlives it.
PutFailure put_failure(const aws::Error& error);
// PutRecords' answer says only that records failed: the causes inside go to the server's log.
void log_put_failures(Service& service, const aws::RequestContext& context,
                      const std::vector<PutEntry>& entries);

// Every record needs a partition key as long as the stream distributes by it; the model leaves it
// optional for streams that don't. `path` names the member in AWS's validation error.
aws::Result<> require_partition_key(const std::optional<std::string>& key, std::string_view path);

// Finds the entry's shard. Fails with AWS's InvalidArgumentException when the explicit hash key is
// out of range or the record is larger than the stream takes.
aws::Result<> route(const Stream& stream, const std::optional<std::string>& explicit_hash_key,
                    PutEntry* entry);
// The same for a hash key that is known; fails only when the record is too large.
aws::Result<> route_to(const Stream& stream, HashKey hash, PutEntry* entry);

// Makes the routed entries durable, a transaction for each lane, all under way at once. Each entry
// ends with a sequence number or an error; entries of one shard are in their order. Those whose
// shard was closed meanwhile wait for its children and go to them. `entries` outlive the task.
io::Task<> put_entries(Service& service, const aws::RequestContext& context,
                       std::shared_ptr<const Stream> stream, std::vector<PutEntry>& entries);

}  // namespace millstream::kinesis
