#include "services/kinesis/record_output.h"

#include "services/kinesis/record.h"
#include "services/kinesis/sequence_number.h"

namespace millstream::kinesis {

aws::Result<api::Record> to_record(const lanes::Record& stored, const Stream& stream,
                                   const Shard& shard) {
  const auto payload = decode_record(stored.payload);
  if (!payload) return aws::internal_failure("a record's payload can't be decoded");
  api::Record record;
  record.sequence_number = to_text({.shard_created_seconds = shard.created_seconds,
                                    .shard_index = shard.index,
                                    .sequence = stored.sequence,
                                    .arrival_seconds = stored.arrival_ms / 1000});
  record.approximate_arrival_timestamp = aws::Timestamp{stored.arrival_ms};
  // Only a stream that spreads records evenly takes one without a key.
  if (!payload->partition_key.empty()) record.partition_key = payload->partition_key;
  if (stream.settings.encrypted_at(stored.arrival_ms)) record.encryption_type = "KMS";
  record.data = payload->data;
  return record;
}

}  // namespace millstream::kinesis
