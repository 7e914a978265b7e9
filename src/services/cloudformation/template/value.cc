#include "services/cloudformation/template/value.h"

#include <algorithm>
#include <charconv>

namespace millstream::cloudformation {
namespace {

bool same_members(const Value::Map& left, const Value& right) {
  if (left.size() != right.as_map().size()) return false;
  return std::all_of(left.begin(), left.end(), [&right](const Member& member) {
    const Value* other = right.find(member.name);
    return other != nullptr && member.value == *other;
  });
}

}  // namespace

std::optional<std::string> Value::text() const {
  if (is_string()) return as_string();
  if (is_number()) return std::get<Number>(state_).text;
  if (is_bool()) return as_bool() ? "true" : "false";
  return std::nullopt;
}

std::optional<long long> Value::as_integer() const {
  if (is_bool()) return std::nullopt;
  const auto digits = text();
  if (!digits) return std::nullopt;
  long long value = 0;
  const char* end = digits->data() + digits->size();
  const auto [rest, error] = std::from_chars(digits->data(), end, value);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

const Value* Value::find(std::string_view name) const {
  if (!is_map()) return nullptr;
  for (const Member& member : as_map()) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

Value* Value::find(std::string_view name) {
  return const_cast<Value*>(static_cast<const Value*>(this)->find(name));
}

void Value::set(std::string_view name, Value value) {
  if (Value* present = find(name)) {
    *present = std::move(value);
    return;
  }
  as_map().push_back(Member{std::string(name), std::move(value)});
}

bool Value::erase(std::string_view name) {
  if (!is_map()) return false;
  return std::erase_if(as_map(), [name](const Member& member) { return member.name == name; }) > 0;
}

bool Value::has_unknown() const {
  if (is_unknown()) return true;
  if (is_list()) {
    return std::any_of(as_list().begin(), as_list().end(),
                       [](const Value& element) { return element.has_unknown(); });
  }
  if (is_map()) {
    return std::any_of(as_map().begin(), as_map().end(),
                       [](const Member& member) { return member.value.has_unknown(); });
  }
  return false;
}

bool Value::operator==(const Value& other) const {
  if (state_.index() != other.state_.index()) return false;
  if (is_map()) return same_members(as_map(), other);
  if (is_list()) return as_list() == other.as_list();
  if (is_string()) return as_string() == other.as_string();
  if (is_bool()) return as_bool() == other.as_bool();
  if (is_number()) return text() == other.text();
  return is_null();
}

}  // namespace millstream::cloudformation
