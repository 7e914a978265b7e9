#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/error.h"
#include "aws/model/pattern.h"

// What the interpreters (aws/json, aws/query, aws/rest, aws/model/validate.h) know of a generated
// type: tables that the generator fills, so that a shape costs data instead of code. Included by
// generated sources and interpreters only (docs/decisions/generated-api.md).
namespace millstream::aws {
class CborDecoder;
struct CborHead;
}  // namespace millstream::aws

namespace millstream::aws::model {

enum class Kind : uint8_t {
  kString,     // std::string
  kBlob,       // std::string, raw bytes
  kBoolean,    // bool
  kInteger,    // int32_t
  kLong,       // int64_t
  kDouble,     // double
  kTimestamp,  // aws::Timestamp
  kList,       // std::vector<T>
  kMap,        // std::map<std::string, T>
  kStructure,  // a generated struct
  kCustom,     // a hand-written type with a codec of its own
};

enum class TimestampFormat : uint8_t { kDefault, kUnixSeconds, kIso8601, kRfc822 };

// Where a member travels. Other than kBody in REST protocols only.
enum class Location : uint8_t { kBody, kUri, kQueryString, kHeader, kHeaderPrefix, kStatusCode };

struct Type;

// How to reach into a std::optional, a std::vector or a std::map without knowing what it holds.
struct OptionalOps {
  void* (*emplace)(void* optional);          // replaces what was there
  const void* (*get)(const void* optional);  // nullptr when it is empty
};
struct ListOps {
  void* (*append)(void* list);
  size_t (*size)(const void* list);
  const void* (*at)(const void* list, size_t index);
};
using MapVisitor = void (*)(void* state, const std::string& key, const void* value);
struct MapOps {
  void* (*assign)(void* map, std::string_view key);  // a default-made value in place of an old one
  size_t (*size)(const void* map);
  void (*visit)(const void* map, void* state, MapVisitor visitor);  // in the order of the keys
};
// `json` is a simdjson::ondemand::value*; `head` is that of the value, just read from `decoder`.
struct CustomOps {
  Result<> (*read)(void* json, void* value);
  void (*write)(const void* value, std::string* out);
  Result<> (*read_cbor)(CborDecoder& decoder, const CborHead& head, void* value);
  void (*write_cbor)(const void* value, std::string* out);
};

struct Member {
  std::string_view name;       // in the model
  std::string_view wire_name;  // locationName, or the name
  const Type* type;
  const OptionalOps* optional;  // nullptr: the C++ member is the plain type
  uint32_t offset;
  bool required;
  bool flattened = false;
  Location location = Location::kBody;
  TimestampFormat timestamp = TimestampFormat::kDefault;

  // The member's value in `structure`; nullptr when it is absent.
  [[nodiscard]] const void* get(const void* structure) const {
    const void* at = static_cast<const char*>(structure) + offset;
    return optional ? optional->get(at) : at;
  }
  // Where to put a new value. What an optional held is gone; a plain member stays as it was.
  [[nodiscard]] void* make(void* structure) const {
    void* at = static_cast<char*>(structure) + offset;
    return optional ? optional->emplace(at) : at;
  }
};

struct Constraints {
  int64_t min = std::numeric_limits<int64_t>::min();  // of the value, the length or the size
  int64_t max = std::numeric_limits<int64_t>::max();
  const Pattern* pattern = nullptr;
  std::span<const std::string_view> enumeration;
};

struct Type {
  Kind kind;
  std::string_view name;
  // Makes the value anew; for kinds that are filled piece by piece (list, map, structure, custom).
  void (*reset)(void* value) = nullptr;
  const Constraints* constraints = nullptr;  // nullptr: none
  bool check_inside = false;                 // a constraint stands somewhere inside: worth a visit
  bool flattened = false;
  TimestampFormat timestamp = TimestampFormat::kDefault;
  std::string_view element_name;  // of a list's elements or a map's values, in Query and XML
  std::string_view key_name;      // of a map's keys
  const Type* element = nullptr;  // of a list or map
  const Type* key = nullptr;
  const ListOps* list = nullptr;
  const MapOps* map = nullptr;
  const CustomOps* custom = nullptr;
  std::span<const Member> members;    // of a structure, in the model's order
  std::span<const uint16_t> by_name;  // indexes of the body's members, sorted by wire name
  const Member* payload = nullptr;    // REST: the member that is the body
};

template <class T>
void reset(void* value) {
  *static_cast<T*>(value) = T{};
}

template <class T>
inline constexpr OptionalOps kOptionalOps = {
    [](void* optional) -> void* { return &static_cast<std::optional<T>*>(optional)->emplace(); },
    [](const void* optional) -> const void* {
      const auto* value = static_cast<const std::optional<T>*>(optional);
      return *value ? &**value : nullptr;
    }};

template <class T>
inline constexpr ListOps kListOps = {
    [](void* list) -> void* { return &static_cast<std::vector<T>*>(list)->emplace_back(); },
    [](const void* list) { return static_cast<const std::vector<T>*>(list)->size(); },
    [](const void* list, size_t index) -> const void* {
      return &(*static_cast<const std::vector<T>*>(list))[index];
    }};

template <class T>
inline constexpr MapOps kMapOps = {
    [](void* map, std::string_view key) -> void* {
      return &(static_cast<std::map<std::string, T>*>(map)
                   ->insert_or_assign(std::string(key), T{})
                   .first->second);
    },
    [](const void* map) { return static_cast<const std::map<std::string, T>*>(map)->size(); },
    [](const void* map, void* state, MapVisitor visitor) {
      for (const auto& [key, value] : *static_cast<const std::map<std::string, T>*>(map)) {
        visitor(state, key, &value);
      }
    }};

}  // namespace millstream::aws::model
