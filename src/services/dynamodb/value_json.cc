#include "services/dynamodb/value_json.h"

#include "base/base64.h"
#include "services/dynamodb/value_parts.h"

namespace millstream::dynamodb {
namespace {

using Json = simdjson::ondemand::value;
using simdjson::ondemand::json_type;

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

aws::Result<Value> read_typed(ValueType type, Json json, int level) {
  switch (type) {
    case ValueType::kS:
      return value_of(read_text(json), &Value::string);
    case ValueType::kB:
      return value_of(read_bytes(json), &Value::binary);
    case ValueType::kBool:
      return value_of(read_flag(json), &Value::boolean);
    case ValueType::kN:
      return value_of(read_text(json), &number_from);
    case ValueType::kNull:
      return value_of(read_flag(json), &null_from);
    case ValueType::kSS:
      return value_of(read_list(json, &read_text), &string_set_from);
    case ValueType::kNS:
      return value_of(read_list(json, &read_text), &number_set_from);
    case ValueType::kBS:
      return value_of(read_list(json, &read_bytes), &binary_set_from);
    case ValueType::kM:
    case ValueType::kL:
      // What lies deeper is skipped without being read.
      if (level >= Value::kNestingMax) return too_deep();
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
  if (auto defect = wrong_count(found)) *out = std::move(*defect);
  return {};
}

}  // namespace

aws::Result<> read_json(simdjson::ondemand::value json, Value* out) {
  return read_value(json, 1, out);
}

}  // namespace millstream::dynamodb
