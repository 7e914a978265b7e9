#pragma once

#include <cstddef>
#include <cstdint>

namespace millstream::kinesis {

// https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
// As the model has them; for what reads a request without it.
inline constexpr size_t kPutRecordsMax = 500;
inline constexpr size_t kPartitionKeyMax = 256;  // characters
inline constexpr size_t kStreamNameMax = 128;
inline constexpr int32_t kMaxRecordSizeInKiBDefault = 1024;
inline constexpr int32_t kRetentionHoursDefault = 24;
inline constexpr int64_t kIteratorLifetimeMs = 300'000;
inline constexpr int32_t kShardCountDefault = 4;  // on-demand, and CreateStream without ShardCount
inline constexpr int32_t kListStreamsLimitMax = 100;     // and the default
inline constexpr int32_t kDescribeStreamLimitMax = 100;  // and the default
inline constexpr int32_t kListShardsLimitDefault = 1000;

inline constexpr size_t kResourcePolicyBytesMax = 20 << 10;

// Our own: what one stream's description may hold until it is stored in parts.
inline constexpr int32_t kShardsPerStreamMax = 100'000;

}  // namespace millstream::kinesis
