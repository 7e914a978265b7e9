#pragma once

#include <cstddef>

#include "services/dynamodb/model/value.h"

namespace millstream::dynamodb {

inline constexpr size_t kItemBytesMax = 400 * 1024;
inline constexpr size_t kPartitionKeyBytesMax = 2048;
inline constexpr size_t kSortKeyBytesMax = 1024;
// Of a list or map, and of each element of it.
inline constexpr size_t kDocumentOverhead = 3;
inline constexpr size_t kElementOverhead = 1;

// Bytes as AWS counts them: names and strings in UTF-8, numbers by Number::size, one for a boolean
// or null, and for a list or map 3 and 1 per element besides its contents.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
size_t value_size(const Value& value);
size_t item_size(const Item& item);

}  // namespace millstream::dynamodb
