#include "services/dynamodb/value_json.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/base64.h"

namespace millstream::dynamodb {
namespace {

using Json = simdjson::ondemand::value;
using simdjson::ondemand::json_type;

constexpr const char* kInvalidParameter = "One or more parameter values were invalid: ";

Value defect(std::string message) {
  return Value::defect({.message = message, .batch_message = message});
}
Value bare_defect(std::string message) {
  return Value::defect({.message = message, .batch_message = message, .enveloped = false});
}

aws::Error wrong_kind(Json json, std::string_view wanted) {
  json_type kind;
  if (json.type().get(kind) != simdjson::SUCCESS) {
    return aws::serialization_error("Unexpected token received from parser");
  }
  const std::string target(wanted);
  bool flag = false;
  switch (kind) {
    case json_type::boolean:
      if (json.get_bool().get(flag) != simdjson::SUCCESS) break;
      return aws::serialization_error((flag ? "TRUE_VALUE" : "FALSE_VALUE") +
                                      (" cannot be converted to " + target));
    case json_type::number:
      return aws::serialization_error("NUMBER_VALUE cannot be converted to " + target);
    case json_type::string:
      return aws::serialization_error("STRING_VALUE cannot be converted to " + target);
    case json_type::array:
      return aws::serialization_error("Unrecognized collection type class java.lang." + target);
    default:
      break;
  }
  return aws::serialization_error("Start of structure or map found where not expected");
}

aws::Result<std::string> read_text(Json json) {
  std::string_view text;
  if (json.get_string().get(text) != simdjson::SUCCESS) return wrong_kind(json, "String");
  return std::string(text);
}

aws::Result<bool> read_flag(Json json) {
  bool flag = false;
  if (json.get_bool().get(flag) != simdjson::SUCCESS) return wrong_kind(json, "Boolean");
  return flag;
}

aws::Result<std::string> read_bytes(Json json) {
  std::string_view text;
  if (json.get_string().get(text) != simdjson::SUCCESS) {
    return aws::serialization_error("only base-64-encoded strings are convertible to bytes");
  }
  if (text.size() % 4 != 0) {
    return aws::serialization_error(
        "Base64 encoded length is expected a multiple of 4 bytes but found: " +
        std::to_string(text.size()));
  }
  auto bytes = base64_decode(text);
  if (!bytes) return aws::serialization_error("Invalid Base64 character detected");
  return std::move(*bytes);
}

// What a list of the wire holds, read one by one.
template <class T>
aws::Result<std::vector<T>> read_list(Json json, aws::Result<T> (*read)(Json)) {
  simdjson::ondemand::array array;
  if (json.get_array().get(array) != simdjson::SUCCESS) {
    return aws::serialization_error("Unexpected field type");
  }
  std::vector<T> elements;
  for (auto element : array) {
    Json each;
    if (element.get(each) != simdjson::SUCCESS) {
      return aws::serialization_error("Unexpected token received from parser");
    }
    aws::Result<T> value = read(each);
    if (!value) return value.take_error();
    elements.push_back(value.take());
  }
  return elements;
}

// The members as AWS lists those of a set with a repeat: in order up to the first repeat, then the
// repeat, then the rest as sent. Nothing when there is no repeat.
std::optional<std::vector<std::string>> repeated(const std::vector<std::string>& members) {
  std::set<std::string> seen;
  for (size_t i = 0; i < members.size(); ++i) {
    if (seen.insert(members[i]).second) continue;
    std::vector<std::string> listed(seen.begin(), seen.end());
    listed.insert(listed.end(), members.begin() + static_cast<ptrdiff_t>(i), members.end());
    return listed;
  }
  return std::nullopt;
}

std::string joined(const std::vector<std::string>& members, const char* quote,
                   const char* between) {
  std::string text = "[";
  for (const std::string& member : members) {
    if (text.size() > 1) text += between;
    text += quote + member + quote;
  }
  return text + "]";
}

aws::Result<Value> read_string_set(Json json) {
  auto members = read_list<std::string>(json, &read_text);
  if (!members) return members.take_error();
  if (members->empty()) {
    return defect(std::string(kInvalidParameter) + "An string set  may not be empty");
  }
  const auto listed = repeated(*members);
  if (!listed) return Value::string_set(members.take());
  return Value::defect(
      {.message = kInvalidParameter +
                  ("Input collection " + joined(*listed, "\"", ", ") + " contains duplicates."),
       .batch_message = kInvalidParameter + ("Input collection " + joined(*members, "", ", ") +
                                             " contains duplicates.")});
}

std::vector<std::string> encoded(const std::vector<std::string>& members) {
  std::vector<std::string> texts;
  for (const std::string& member : members) texts.push_back(base64_encode(member));
  return texts;
}

aws::Result<Value> read_binary_set(Json json) {
  auto members = read_list<std::string>(json, &read_bytes);
  if (!members) return members.take_error();
  if (members->empty()) {
    return defect(std::string(kInvalidParameter) + "Binary sets should not be empty");
  }
  const auto listed = repeated(*members);
  if (listed) {
    const std::string tail = "of type BS contains duplicates.";
    return Value::defect(
        {.message =
             kInvalidParameter + ("Input collection " + joined(encoded(*listed), "\"", ",") + tail),
         .batch_message = kInvalidParameter +
                          ("Input collection " + joined(encoded(*members), "", ", ") + tail)});
  }
  BinarySet set;
  for (std::string& member : *members) set.push_back({std::move(member)});
  return Value::binary_set(std::move(set));
}

Value number_defect(const Error& error, const std::string& text) {
  Defect found{.message = error.message, .batch_message = error.message};
  if (text.empty()) found.batch_message = "The parameter cannot be converted to a numeric value";
  return Value::defect(std::move(found));
}

aws::Result<Value> read_number(Json json) {
  aws::Result<std::string> text = read_text(json);
  if (!text) return text.take_error();
  Result<Number> number = Number::parse(*text);
  if (!number) return number_defect(number.error(), *text);
  return Value::number(*number);
}

aws::Result<Value> read_number_set(Json json) {
  auto members = read_list<std::string>(json, &read_text);
  if (!members) return members.take_error();
  if (members->empty()) {
    return defect(std::string(kInvalidParameter) + "An number set  may not be empty");
  }
  NumberSet numbers;
  for (const std::string& member : *members) {
    Result<Number> number = Number::parse(member);
    if (!number) return number_defect(number.error(), member);
    numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  if (std::adjacent_find(numbers.begin(), numbers.end()) != numbers.end()) {
    return Value::defect(
        {.message = std::string(kInvalidParameter) + "Input collection contains duplicates.",
         .batch_message = "Input collection contains duplicates"});
  }
  return Value::number_set(std::move(numbers));
}

aws::Result<> read_value(Json json, int level, Value* out);

aws::Result<Value> read_elements(Json json, int level) {
  simdjson::ondemand::array array;
  if (json.get_array().get(array) != simdjson::SUCCESS) {
    return aws::serialization_error("Unexpected field type");
  }
  List list;
  for (auto element : array) {
    Json each;
    if (element.get(each) != simdjson::SUCCESS) {
      return aws::serialization_error("Unexpected token received from parser");
    }
    aws::Result<> read = read_value(each, level + 1, &list.emplace_back());
    if (!read) return read.take_error();
  }
  return Value::list(std::move(list));
}

aws::Result<Value> read_entries(Json json, int level) {
  simdjson::ondemand::object object;
  if (json.get_object().get(object) != simdjson::SUCCESS) {
    return aws::serialization_error("Unexpected field type");
  }
  Item map;
  for (auto field : object) {
    std::string_view name;
    Json value;
    if (field.unescaped_key().get(name) != simdjson::SUCCESS) {
      return aws::serialization_error("Unexpected token received from parser");
    }
    Value* entry = &map[std::string(name)];
    if (field.value().get(value) != simdjson::SUCCESS) {
      return aws::serialization_error("Unexpected token received from parser");
    }
    aws::Result<> read = read_value(value, level + 1, entry);
    if (!read) return read.take_error();
  }
  return Value::map(std::move(map));
}

aws::Result<Value> read_null(Json json) {
  aws::Result<bool> flag = read_flag(json);
  if (!flag) return flag.take_error();
  if (*flag) return Value::null();
  return defect(std::string(kInvalidParameter) +
                "Null attribute value types must have the value of true");
}

aws::Result<Value> read_typed(ValueType type, Json json, int level) {
  switch (type) {
    case ValueType::kS: {
      aws::Result<std::string> text = read_text(json);
      if (!text) return text.take_error();
      return Value::string(text.take());
    }
    case ValueType::kB: {
      aws::Result<std::string> bytes = read_bytes(json);
      if (!bytes) return bytes.take_error();
      return Value::binary(bytes.take());
    }
    case ValueType::kBool: {
      aws::Result<bool> flag = read_flag(json);
      if (!flag) return flag.take_error();
      return Value::boolean(*flag);
    }
    case ValueType::kN:
      return read_number(json);
    case ValueType::kNull:
      return read_null(json);
    case ValueType::kSS:
      return read_string_set(json);
    case ValueType::kNS:
      return read_number_set(json);
    case ValueType::kBS:
      return read_binary_set(json);
    case ValueType::kM:
    case ValueType::kL:
      // What lies deeper is skipped without being read.
      if (level >= Value::kNestingMax) return bare_defect(std::string(kNestingMessage));
      return type == ValueType::kM ? read_entries(json, level) : read_elements(json, level);
    case ValueType::kDefect:
      break;
  }
  return aws::serialization_error("Unexpected value type in payload");
}

// `level` is 1 for an attribute. Recursion is bounded by Value::kNestingMax.
aws::Result<> read_value(Json json, int level, Value* out) {
  simdjson::ondemand::object object;
  if (json.get_object().get(object) != simdjson::SUCCESS) {
    return aws::serialization_error("Unexpected value type in payload");
  }
  int found = 0;
  for (auto field : object) {
    std::string_view name;
    Json value;
    if (field.unescaped_key().get(name) != simdjson::SUCCESS) {
      return aws::serialization_error("Unexpected token received from parser");
    }
    const auto type = type_from_name(name);
    if (field.value().get(value) != simdjson::SUCCESS) {
      return aws::serialization_error("Unexpected token received from parser");
    }
    if (!type || value.is_null()) continue;
    aws::Result<Value> typed = read_typed(*type, value, level);
    if (!typed) return typed.take_error();
    if (++found == 1) *out = typed.take();
  }
  if (found == 0) {
    *out = bare_defect(
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  } else if (found > 1) {
    *out = bare_defect(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
        "supported datatypes");
  }
  return {};
}

}  // namespace

aws::Result<> read_json(simdjson::ondemand::value json, Value* out) {
  return read_value(json, 1, out);
}

}  // namespace millstream::dynamodb
