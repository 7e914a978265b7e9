#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace millstream::cloudformation {

struct Member;

// One value of a template or of a resource's properties: what JSON knows, with the members of a map
// in the order in which they were written and numbers in the text in which they were written.
// Null stands for a value that is to be left out (Ref AWS::NoValue); an unknown value is one that
// only a resource's creation will tell, met while a change is planned.
class Value {
 public:
  using List = std::vector<Value>;
  using Map = std::vector<Member>;
  struct Null {
    bool operator==(const Null&) const = default;
  };
  struct Unknown {
    // Two values that aren't known yet are never taken for the same one.
    bool operator==(const Unknown&) const { return false; }
  };
  struct Number {
    std::string text;  // of JSON's number grammar
    bool operator==(const Number&) const = default;
  };

  Value() = default;
  Value(std::string text) : state_(std::move(text)) {}
  Value(std::string_view text) : state_(std::string(text)) {}
  Value(const char* text) : state_(std::string(text)) {}
  Value(List list) : state_(std::move(list)) {}
  Value(Map map);
  static Value boolean(bool value) { return Value(State(value)); }
  static Value number(std::string text) { return Value(State(Number{std::move(text)})); }
  static Value integer(long long value) { return number(std::to_string(value)); }
  static Value unknown() { return Value(State(Unknown{})); }
  static Value map();
  static Value list() { return Value(List{}); }

  [[nodiscard]] bool is_null() const { return std::holds_alternative<Null>(state_); }
  [[nodiscard]] bool is_unknown() const { return std::holds_alternative<Unknown>(state_); }
  [[nodiscard]] bool is_bool() const { return std::holds_alternative<bool>(state_); }
  [[nodiscard]] bool is_number() const { return std::holds_alternative<Number>(state_); }
  [[nodiscard]] bool is_string() const { return std::holds_alternative<std::string>(state_); }
  [[nodiscard]] bool is_list() const { return std::holds_alternative<List>(state_); }
  [[nodiscard]] bool is_map() const { return std::holds_alternative<Map>(state_); }
  // A string, number or boolean: what CloudFormation takes for a string.
  [[nodiscard]] bool is_scalar() const { return is_string() || is_number() || is_bool(); }

  // Each only on a value of that kind.
  [[nodiscard]] bool as_bool() const { return std::get<bool>(state_); }
  [[nodiscard]] const std::string& as_string() const { return std::get<std::string>(state_); }
  [[nodiscard]] const List& as_list() const { return std::get<List>(state_); }
  [[nodiscard]] List& as_list() { return std::get<List>(state_); }
  [[nodiscard]] const Map& as_map() const { return std::get<Map>(state_); }
  [[nodiscard]] Map& as_map() { return std::get<Map>(state_); }

  // A scalar's text: a string itself, a number as it was written, "true" or "false"; otherwise
  // nothing.
  [[nodiscard]] std::optional<std::string> text() const;
  // The integer that a number or a string of digits tells, if it is one and fits.
  [[nodiscard]] std::optional<long long> as_integer() const;

  // A map's member; nullptr when there is none or this isn't a map.
  [[nodiscard]] const Value* find(std::string_view name) const;
  [[nodiscard]] Value* find(std::string_view name);
  // Sets a map's member, in its place when it is there and behind the others when not.
  void set(std::string_view name, Value value);
  // Takes a map's member away; whether it was there.
  bool erase(std::string_view name);

  // Whether an unknown value stands anywhere in it.
  [[nodiscard]] bool has_unknown() const;

  // The same kinds and texts, whatever the order of a map's members.
  bool operator==(const Value& other) const;

 private:
  using State = std::variant<Null, Unknown, bool, Number, std::string, List, Map>;
  explicit Value(State state) : state_(std::move(state)) {}

  State state_;
};

struct Member {
  std::string name;
  Value value;
};

inline Value::Value(Map map) : state_(std::move(map)) {}
inline Value Value::map() {
  return Value(Map{});
}

}  // namespace millstream::cloudformation
