#pragma once

#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "services/dynamodb/model/number.h"

namespace millstream::dynamodb {

class Value;

// A set of named attributes: an item, a key, or a map inside an item.
using Item = std::map<std::string, Value>;
using List = std::vector<Value>;

// Sets are kept sorted and without duplicates.
using StringSet = std::vector<std::string>;
using NumberSet = std::vector<Number>;
struct Binary {
  std::string bytes;
  auto operator<=>(const Binary&) const = default;
};
using BinarySet = std::vector<Binary>;
struct Null {
  bool operator==(const Null&) const = default;
};

// What stands where a request's value breaks a rule. AWS judges values after the rest of the
// request, and words what it finds by operation, so the reader (value_json.h) keeps the finding in
// the value's place and the operation reports it. Never stored.
struct Defect {
  std::string message;        // as most operations say it
  std::string batch_message;  // as BatchWriteItem and Scan say it
  bool enveloped = true;  // PutItem, UpdateItem and DeleteItem put "1 validation error ..." ahead
  bool operator==(const Defect&) const = default;
};

enum class ValueType : uint8_t { kS, kN, kB, kSS, kNS, kBS, kM, kL, kNull, kBool, kDefect };

// The type as the wire names it ("S", "NULL", "BOOL", ...), and as update errors do ("STRING",
// ...).
std::string_view type_name(ValueType type);
std::string_view type_long_name(ValueType type);
std::optional<ValueType> type_from_name(std::string_view name);

// One attribute value. A value type of 56 bytes; copying a document copies it deeply.
// Depth is bounded by kNestingMax: the reader, and the update that would exceed it, refuse deeper
// ones.
class Value {
 public:
  static constexpr int kNestingMax = 32;  // levels, the attribute itself being the first

  Value() : state_(Null{}) {}
  static Value string(std::string text) { return Value(std::move(text)); }
  static Value binary(std::string bytes) { return Value(Binary{std::move(bytes)}); }
  static Value number(const Number& number) { return Value(number); }
  static Value boolean(bool flag) { return Value(flag); }
  static Value null() { return Value(Null{}); }
  static Value list(List elements) { return Value(std::move(elements)); }
  static Value map(Item entries) { return Value(std::move(entries)); }
  // Sorts and drops duplicates.
  static Value string_set(StringSet elements);
  static Value number_set(NumberSet elements);
  static Value binary_set(BinarySet elements);
  static Value defect(Defect defect);

  [[nodiscard]] ValueType type() const { return static_cast<ValueType>(state_.index()); }
  [[nodiscard]] bool is_set() const {
    return type() == ValueType::kSS || type() == ValueType::kNS || type() == ValueType::kBS;
  }
  // S, N or B: what a key may hold and what has an order.
  [[nodiscard]] bool is_scalar_key() const {
    return type() == ValueType::kS || type() == ValueType::kN || type() == ValueType::kB;
  }

  // Only for the type that the name says; anything else is a broken invariant.
  [[nodiscard]] const std::string& as_string() const { return get<std::string>(); }
  [[nodiscard]] const Number& as_number() const { return get<Number>(); }
  [[nodiscard]] const std::string& as_binary() const { return get<Binary>().bytes; }
  [[nodiscard]] const StringSet& as_string_set() const { return get<StringSet>(); }
  [[nodiscard]] const NumberSet& as_number_set() const { return get<NumberSet>(); }
  [[nodiscard]] const BinarySet& as_binary_set() const { return get<BinarySet>(); }
  [[nodiscard]] const Item& as_map() const { return get<Item>(); }
  [[nodiscard]] Item& as_map() { return get<Item>(); }
  [[nodiscard]] const List& as_list() const { return get<List>(); }
  [[nodiscard]] List& as_list() { return get<List>(); }
  [[nodiscard]] bool as_bool() const { return get<bool>(); }
  [[nodiscard]] const Defect& as_defect() const { return *get<std::shared_ptr<const Defect>>(); }

  // Equal types and contents; numbers by value, sets whatever their order was on the wire.
  friend bool operator==(const Value& left, const Value& right);

 private:
  // In the order of ValueType.
  using State = std::variant<std::string, Number, Binary, StringSet, NumberSet, BinarySet, Item,
                             List, Null, bool, std::shared_ptr<const Defect>>;
  template <class T>
  explicit Value(T state) : state_(std::move(state)) {}
  template <class T>
  [[nodiscard]] const T& get() const {
    const T* held = std::get_if<T>(&state_);
    CHECK(held != nullptr);
    return *held;
  }
  template <class T>
  [[nodiscard]] T& get() {
    T* held = std::get_if<T>(&state_);
    CHECK(held != nullptr);
    return *held;
  }

  State state_;
};

// The order of two values of the same scalar type (strings and binaries by bytes, numbers by
// value); nothing for any other pair.
std::optional<std::strong_ordering> compare_scalars(const Value& left, const Value& right);

// Levels of nesting: 1 for a scalar, one more for each list or map around it.
int nesting_levels(const Value& value);

// The message for more than Value::kNestingMax levels.
inline constexpr std::string_view kNestingMessage =
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
    "beyond "
    "supported limit";

// The first defect in `value`, or nullptr.
const Defect* find_defect(const Value& value);
const Defect* find_defect(const Item& item);

}  // namespace millstream::dynamodb
