#pragma once

#include <optional>

#include "services/dynamodb/model/value.h"

namespace millstream::dynamodb {

// The bytes that say what follows in an item's stored form. Permanent: these are on disk
// (docs/formats/state/dynamodb.md, "Item"). Booleans have a tag for each value.
inline constexpr char kStoredVersion = 1;
enum StoredTag : char {
  kStringTag = 1,
  kNumberTag = 2,
  kBinaryTag = 3,
  kStringSetTag = 4,
  kNumberSetTag = 5,
  kBinarySetTag = 6,
  kMapTag = 7,
  kListTag = 8,
  kNullTag = 9,
  kFalseTag = 10,
  kTrueTag = 11,
};

// Nothing for a byte that is no tag.
constexpr std::optional<ValueType> stored_type(char tag) {
  switch (tag) {
    case kStringTag:
      return ValueType::kS;
    case kNumberTag:
      return ValueType::kN;
    case kBinaryTag:
      return ValueType::kB;
    case kStringSetTag:
      return ValueType::kSS;
    case kNumberSetTag:
      return ValueType::kNS;
    case kBinarySetTag:
      return ValueType::kBS;
    case kMapTag:
      return ValueType::kM;
    case kListTag:
      return ValueType::kL;
    case kNullTag:
      return ValueType::kNull;
    case kFalseTag:
    case kTrueTag:
      return ValueType::kBool;
    default:
      return std::nullopt;
  }
}

}  // namespace millstream::dynamodb
