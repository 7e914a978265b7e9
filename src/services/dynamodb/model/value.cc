#include "services/dynamodb/model/value.h"

#include <algorithm>
#include <array>

namespace millstream::dynamodb {
namespace {

struct TypeNames {
  std::string_view name;
  std::string_view long_name;
};
// In the order of ValueType.
constexpr std::array<TypeNames, 10> kTypeNames = {{{"S", "STRING"},
                                                   {"N", "NUMBER"},
                                                   {"B", "BINARY"},
                                                   {"SS", "STRING_SET"},
                                                   {"NS", "NUMBER_SET"},
                                                   {"BS", "BINARY_SET"},
                                                   {"M", "MAP"},
                                                   {"L", "LIST"},
                                                   {"NULL", "NULL"},
                                                   {"BOOL", "BOOLEAN"}}};

template <class Set>
Set sorted(Set elements) {
  std::sort(elements.begin(), elements.end());
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  return elements;
}

}  // namespace

std::string_view type_name(ValueType type) {
  CHECK(type != ValueType::kDefect);
  return kTypeNames[static_cast<size_t>(type)].name;
}

std::string_view type_long_name(ValueType type) {
  CHECK(type != ValueType::kDefect);
  return kTypeNames[static_cast<size_t>(type)].long_name;
}

std::optional<ValueType> type_from_name(std::string_view name) {
  for (size_t i = 0; i < kTypeNames.size(); ++i) {
    if (kTypeNames[i].name == name) return static_cast<ValueType>(i);
  }
  return std::nullopt;
}

Value Value::string_set(StringSet elements) {
  return Value(sorted(std::move(elements)));
}
Value Value::number_set(NumberSet elements) {
  return Value(sorted(std::move(elements)));
}
Value Value::binary_set(BinarySet elements) {
  return Value(sorted(std::move(elements)));
}
Value Value::defect(Defect defect) {
  return Value(std::make_shared<const Defect>(std::move(defect)));
}

bool operator==(const Value& left, const Value& right) {
  return left.state_ == right.state_;
}

std::optional<std::strong_ordering> compare_scalars(const Value& left, const Value& right) {
  if (left.type() != right.type()) return std::nullopt;
  switch (left.type()) {
    case ValueType::kS:
      return left.as_string().compare(right.as_string()) <=> 0;
    case ValueType::kN:
      return left.as_number() <=> right.as_number();
    case ValueType::kB:
      return left.as_binary().compare(right.as_binary()) <=> 0;
    default:
      return std::nullopt;
  }
}

int nesting_levels(const Value& value) {
  int deepest = 0;
  if (value.type() == ValueType::kL) {
    for (const Value& element : value.as_list())
      deepest = std::max(deepest, nesting_levels(element));
  } else if (value.type() == ValueType::kM) {
    for (const auto& [name, entry] : value.as_map()) {
      deepest = std::max(deepest, nesting_levels(entry));
    }
  }
  return deepest + 1;
}

const Defect* find_defect(const Value& value) {
  switch (value.type()) {
    case ValueType::kDefect:
      return &value.as_defect();
    case ValueType::kM:
      return find_defect(value.as_map());
    case ValueType::kL:
      for (const Value& element : value.as_list()) {
        if (const Defect* defect = find_defect(element)) return defect;
      }
      return nullptr;
    default:
      return nullptr;
  }
}

const Defect* find_defect(const Item& item) {
  for (const auto& [name, value] : item) {
    if (const Defect* defect = find_defect(value)) return defect;
  }
  return nullptr;
}

}  // namespace millstream::dynamodb
