#include "aws/model/constraints.h"

#include <algorithm>
#include <charconv>

#include "aws/model/types.h"
#include "base/time_text.h"

namespace millstream::aws::model {

namespace {

constexpr size_t kShownBytesMax = 2048;  // a longer value is cut

// As Java counts a string: UTF-16 units.
size_t text_length(std::string_view text) {
  size_t length = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    length += (byte & 0xC0) != 0x80;
    length += byte >= 0xF0;
  }
  return length;
}

bool has_length(Kind kind) {
  return kind == Kind::kString || kind == Kind::kBlob || kind == Kind::kList || kind == Kind::kMap;
}

// The value as a number, or its length. A double is compared by itself (compare below).
int64_t measure(const Type& type, const void* value) {
  switch (type.kind) {
    case Kind::kString:
      return static_cast<int64_t>(text_length(*static_cast<const std::string*>(value)));
    case Kind::kBlob:
      return static_cast<int64_t>(static_cast<const std::string*>(value)->size());
    case Kind::kList:
      return static_cast<int64_t>(type.list->size(value));
    case Kind::kMap:
      return static_cast<int64_t>(type.map->size(value));
    case Kind::kInteger:
      return *static_cast<const int32_t*>(value);
    case Kind::kLong:
      return *static_cast<const int64_t*>(value);
    default:
      return 0;
  }
}

bool below(const Type& type, const void* value, int64_t min) {
  if (type.kind != Kind::kDouble) return measure(type, value) < min;
  return !(*static_cast<const double*>(value) >= static_cast<double>(min));
}

bool above(const Type& type, const void* value, int64_t max) {
  if (type.kind != Kind::kDouble) return measure(type, value) > max;
  return *static_cast<const double*>(value) > static_cast<double>(max);
}

constexpr int64_t kUnbounded = std::numeric_limits<int64_t>::max();
constexpr int64_t kBottomless = std::numeric_limits<int64_t>::min();

std::string bound_text(const Type& type, const char* comparison, int64_t bound) {
  std::string text = "Member must have ";
  text.append(has_length(type.kind) ? "length " : "value ").append(comparison);
  text.append(" than or equal to ").append(std::to_string(bound));
  return text;
}

std::string pattern_text(const Constraints& constraints) {
  return "Member must satisfy regular expression pattern: " +
         std::string(constraints.pattern->text);
}

std::string enumeration_text(const Constraints& constraints) {
  std::string text = "Member must satisfy enum value set: [";
  for (const std::string_view value : constraints.enumeration) {
    if (text.back() != '[') text += ", ";
    text += value;
  }
  return text + ']';
}

bool in_enumeration(const Constraints& constraints, const std::string& value) {
  const auto& values = constraints.enumeration;
  return std::find(values.begin(), values.end(), value) != values.end();
}

std::string double_text(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return {text, end};
}

bool list_text(const Type& type, const void* value, std::string* out) {
  *out += '[';
  for (size_t i = 0; i < type.list->size(value) && out->size() < kShownBytesMax; ++i) {
    if (i > 0) *out += ", ";
    if (!value_text(*type.element, type.list->at(value, i), out)) return false;
  }
  *out += ']';
  return true;
}

struct MapText {
  const Type* type;
  std::string* out;
  bool shown;
};

void map_entry_text(void* state, const std::string& key, const void* value) {
  auto* text = static_cast<MapText*>(state);
  if (!text->shown || text->out->size() > kShownBytesMax) return;
  if (text->out->back() != '{') *text->out += ", ";
  *text->out += key + "=";
  text->shown = value_text(*text->type->element, value, text->out);
}

}  // namespace

std::vector<std::string> broken_constraints(const Type& type, const void* value) {
  std::vector<std::string> broken;
  if (!type.constraints) return broken;
  const Constraints& constraints = *type.constraints;
  if (type.kind == Kind::kString) {
    const auto& text = *static_cast<const std::string*>(value);
    if (constraints.pattern && !constraints.pattern->matches(text)) {
      broken.push_back(pattern_text(constraints));
    }
    if (!constraints.enumeration.empty() && !in_enumeration(constraints, text)) {
      broken.push_back(enumeration_text(constraints));
    }
  }
  if (below(type, value, constraints.min)) {
    broken.push_back(bound_text(type, "greater", constraints.min));
  }
  if (above(type, value, constraints.max)) {
    broken.push_back(bound_text(type, "less", constraints.max));
  }
  return broken;
}

std::string all_constraints(const Type& type) {
  std::string out = "[";
  const auto add = [&](const std::string& text) {
    if (out.size() > 1) out += ", ";
    out += text;
  };
  const Constraints& constraints = *type.constraints;
  if (constraints.max != kUnbounded) add(bound_text(type, "less", constraints.max));
  if (constraints.min != kBottomless) add(bound_text(type, "greater", constraints.min));
  if (constraints.pattern) add(pattern_text(constraints));
  if (!constraints.enumeration.empty()) add(enumeration_text(constraints));
  return out + ']';
}

bool value_text(const Type& type, const void* value, std::string* out) {
  switch (type.kind) {
    case Kind::kString:
      out->append(*static_cast<const std::string*>(value), 0, kShownBytesMax);
      return true;
    case Kind::kBoolean:
      *out += *static_cast<const bool*>(value) ? "true" : "false";
      return true;
    case Kind::kInteger:
    case Kind::kLong:
      *out += std::to_string(measure(type, value));
      return true;
    case Kind::kDouble:
      *out += double_text(*static_cast<const double*>(value));
      return true;
    case Kind::kTimestamp:
      *out += iso8601_ms(static_cast<const Timestamp*>(value)->ms);
      return true;
    case Kind::kList:
      return list_text(type, value, out);
    case Kind::kMap: {
      MapText text{&type, out, true};
      *out += '{';
      type.map->visit(value, &text, map_entry_text);
      *out += '}';
      return text.shown;
    }
    case Kind::kBlob:
    case Kind::kStructure:
    case Kind::kCustom:
      break;
  }
  return false;
}

}  // namespace millstream::aws::model
