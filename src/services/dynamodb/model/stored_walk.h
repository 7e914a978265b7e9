#pragma once

#include <string_view>

#include "base/coding.h"
#include "services/dynamodb/model/number.h"
#include "services/dynamodb/model/stored_tags.h"
#include "services/dynamodb/model/value.h"

namespace millstream::dynamodb {

// One walk over an item's bytes in the state (item_codec.h) that makes no values of them. `Visitor`
// is told, in order:
//   entries(count, level)  name(index, name) ...  end_entries()   of the item (level 0) and of maps
//   open(type) ... close()                                        around each value
//   elements(count)  element(index) ...  end_elements()           of lists and sets
//   string(bytes)  number(number)  binary(bytes)  null()  boolean(flag)
// False for bytes that encode_item doesn't write, as far as decode_item tells.
template <class Visitor>
class StoredWalk {
 public:
  StoredWalk(std::string_view item, Visitor& visitor) : reader_(item), visitor_(visitor) {}

  bool run() {
    const auto version = reader_.take(1);
    return version && version->front() == kStoredVersion && entries(0) && reader_.empty();
  }

 private:
  // A count of things each of which takes at least a byte.
  bool count(size_t* count) {
    const auto read = reader_.varint();
    if (!read || *read > reader_.rest().size()) return false;
    *count = static_cast<size_t>(*read);
    return true;
  }
  bool bytes(std::string_view* bytes) {
    const auto read = reader_.prefixed();
    if (read) *bytes = *read;
    return read.has_value();
  }

  // `level` is 1 for an attribute's value.
  bool entries(int level) {
    size_t size = 0;
    if (!count(&size)) return false;
    visitor_.entries(size, level);
    for (size_t i = 0; i < size; ++i) {
      std::string_view name;
      if (!bytes(&name)) return false;
      visitor_.name(i, name);
      if (!value(level + 1)) return false;
    }
    visitor_.end_entries();
    return true;
  }

  bool value(int level) {
    if (level > Value::kNestingMax) return false;
    const auto tag = reader_.take(1);
    if (!tag) return false;
    const auto type = stored_type(tag->front());
    if (!type) return false;
    visitor_.open(*type);
    if (!content(*type, tag->front(), level)) return false;
    visitor_.close();
    return true;
  }

  bool content(ValueType type, char tag, int level) {
    switch (type) {
      case ValueType::kS:
      case ValueType::kN:
      case ValueType::kB:
        return scalar(type);
      case ValueType::kSS:
        return elements([this] { return scalar(ValueType::kS); });
      case ValueType::kNS:
        return elements([this] { return scalar(ValueType::kN); });
      case ValueType::kBS:
        return elements([this] { return scalar(ValueType::kB); });
      case ValueType::kM:
        return entries(level);
      case ValueType::kL:
        return elements([this, level] { return value(level + 1); });
      case ValueType::kNull:
        visitor_.null();
        return true;
      case ValueType::kBool:
        visitor_.boolean(tag == kTrueTag);
        return true;
      case ValueType::kDefect:
        break;
    }
    return false;
  }

  bool scalar(ValueType type) {
    if (type == ValueType::kN) {
      const Result<Number> number = Number::read_key(&reader_);
      if (number) visitor_.number(*number);
      return number.ok();
    }
    std::string_view content;
    if (!bytes(&content)) return false;
    type == ValueType::kS ? visitor_.string(content) : visitor_.binary(content);
    return true;
  }

  template <class Element>
  bool elements(const Element& element) {
    size_t size = 0;
    if (!count(&size)) return false;
    visitor_.elements(size);
    for (size_t i = 0; i < size; ++i) {
      visitor_.element(i);
      if (!element()) return false;
    }
    visitor_.end_elements();
    return true;
  }

  ByteReader reader_;
  Visitor& visitor_;
};

template <class Visitor>
bool walk_stored_item(std::string_view item, Visitor& visitor) {
  return StoredWalk<Visitor>(item, visitor).run();
}

inline Error damaged_item() {
  return {ErrorCode::kCorruption, "a stored item is damaged"};
}

}  // namespace millstream::dynamodb
