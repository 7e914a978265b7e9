// With sanitizers on, g++ 12 takes the unused alternatives of a moved std::variant for
// uninitialised.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include "services/cloudformation/template/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/json_text.h"

namespace millstream::cloudformation {
namespace {

// Builds a Value from the parser's events. The containers still open stand on a stack of values, so
// that no pointer into a growing vector is kept.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(size_t depth_max) : depth_max_(depth_max) {}

  bool null() override { return add(Value()); }
  bool boolean(bool value) override { return add(Value::boolean(value)); }
  bool number_integer(number_integer_t value) override { return add(Value::integer(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    return add(Value::number(std::to_string(value)));
  }
  bool number_float(number_float_t, const string_t& text) override {
    return add(Value::number(text));
  }
  bool string(string_t& text) override { return add(Value(std::move(text))); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Value::map()); }
  bool start_array(std::size_t) override { return open(Value::list()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (open_.back().value.find(name)) return false;
    open_.back().key = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    position_ = position;
    return false;
  }

  Value root;
  std::optional<size_t> position_;

 private:
  struct Open {
    Value value;
    std::string key;  // of the member whose value comes next
  };

  bool open(Value container) {
    if (open_.size() >= depth_max_) return false;
    open_.push_back(Open{std::move(container), {}});
    return true;
  }
  bool close() {
    Value done = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(done));
  }
  bool add(Value value) {
    if (open_.empty()) {
      root = std::move(value);
    } else if (open_.back().value.is_list()) {
      open_.back().value.as_list().push_back(std::move(value));
    } else {
      open_.back().value.as_map().push_back({std::move(open_.back().key), std::move(value)});
    }
    return true;
  }

  const size_t depth_max_;
  std::vector<Open> open_;
};

Error not_well_formed(std::string_view text, size_t position) {
  const std::string_view before = text.substr(0, std::min(position, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const size_t line_start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
  return Error{ErrorCode::kInvalidArgument,
               "Template format error: JSON not well-formed. (line " + std::to_string(line) +
                   ", column " + std::to_string(before.size() - line_start + 1) + ")"};
}

void append_json(const Value& value, std::string* out) {
  if (value.is_list()) {
    out->push_back('[');
    for (const Value& element : value.as_list()) {
      if (out->back() != '[') out->push_back(',');
      append_json(element, out);
    }
    out->push_back(']');
  } else if (value.is_map()) {
    out->push_back('{');
    for (const Member& member : value.as_map()) {
      if (out->back() != '{') out->push_back(',');
      append_json_string(member.name, out);
      out->push_back(':');
      append_json(member.value, out);
    }
    out->push_back('}');
  } else if (value.is_string()) {
    append_json_string(value.as_string(), out);
  } else if (value.is_unknown()) {
    *out += "\"{{changeSet:KNOWN_AFTER_APPLY}}\"";
  } else {
    *out += value.text().value_or("null");
  }
}

}  // namespace

Result<Value> parse_json(std::string_view text, size_t depth_max) {
  Builder builder(depth_max);
  try {
    if (nlohmann::json::sax_parse(text, &builder)) return std::move(builder.root);
  } catch (const nlohmann::json::exception&) {
    return not_well_formed(text, text.size());
  }
  return not_well_formed(text, builder.position_.value_or(text.size()));
}

std::string write_json(const Value& value) {
  std::string out;
  append_json(value, &out);
  return out;
}

}  // namespace millstream::cloudformation
