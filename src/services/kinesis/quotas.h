#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "aws/quotas.h"

namespace millstream::kinesis {

// By place in the table of quota_table().
enum class Quota : uint8_t {
  kShards,
  kOnDemandStreams,
  kStreamsCreating,
  kConsumers,
  kConsumersAdvantage,
  kConsumersCreating,
  kTags,
  kRetentionHoursMin,
  kRetentionHoursMax,
  kShardCountUpdates,
  kShardCountUpdateMax,
  kModeSwitches,
  kKeyChanges,
  kEncryptionStops,
  kWarmThroughput,
  kPutRecordsRecords,
  kPutRecordsBytes,
  kGetRecordsRecords,
  kGetRecordsBytes,
  kShardWriteBytes,
  kShardWriteRecords,
  kShardReadBytes,
  kShardReads,
};

// https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
std::span<const aws::Quota> quota_table();

class Quotas : public aws::Quotas {
 public:
  Quotas(const aws::QuotaValues& set, bool rates) : aws::Quotas(quota_table(), set, rates) {}

  [[nodiscard]] int64_t operator[](Quota quota) const { return value(static_cast<size_t>(quota)); }
  // AWS gives three regions more shards than all others.
  [[nodiscard]] int64_t shards(std::string_view region) const;
};

}  // namespace millstream::kinesis
