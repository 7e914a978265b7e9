#pragma once

#include <cstddef>
#include <cstdint>

namespace millstream::dynamodb {

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
inline constexpr size_t kTableNameBytesMin = 3;
inline constexpr size_t kTableNameBytesMax = 255;
inline constexpr size_t kPageBytesMax = 1u << 20;       // of items that a Query or Scan looks at
inline constexpr size_t kBatchGetKeysMax = 100;         // over all tables
inline constexpr size_t kBatchGetBytesMax = 16u << 20;  // of items in one answer
inline constexpr size_t kBatchWriteRequestsMax = 25;    // over all tables
inline constexpr size_t kReadUnitBytes = 4096;
inline constexpr size_t kWriteUnitBytes = 1024;
inline constexpr int64_t kProvisionedUnitsMax = 1'000'000'000'000;
inline constexpr size_t kTagsMax = 50;

}  // namespace millstream::dynamodb
