#include "base/base64.h"
#include "base/json_text.h"
#include "services/dynamodb/value_json.h"

namespace millstream::dynamodb {
namespace {

void append_number(const Number& number, std::string* out) {
  out->push_back('"');
  number.append_text(out);
  out->push_back('"');
}

void append_bytes(std::string_view bytes, std::string* out) {
  out->push_back('"');
  base64_append(bytes, out);
  out->push_back('"');
}

template <class Elements, class Append>
void append_array(const Elements& elements, Append append, std::string* out) {
  out->push_back('[');
  bool first = true;
  for (const auto& element : elements) {
    if (!first) out->push_back(',');
    first = false;
    append(element, out);
  }
  out->push_back(']');
}

}  // namespace

void write_json(const Value& value, std::string* out) {
  if (value.type() == ValueType::kDefect) return;
  out->append("{\"").append(type_name(value.type())).append("\":");
  switch (value.type()) {
    case ValueType::kS:
      append_json_string(value.as_string(), out);
      break;
    case ValueType::kN:
      append_number(value.as_number(), out);
      break;
    case ValueType::kB:
      append_bytes(value.as_binary(), out);
      break;
    case ValueType::kSS:
      append_array(value.as_string_set(), append_json_string, out);
      break;
    case ValueType::kNS:
      append_array(value.as_number_set(), append_number, out);
      break;
    case ValueType::kBS:
      append_array(
          value.as_binary_set(),
          [](const Binary& binary, std::string* to) { append_bytes(binary.bytes, to); }, out);
      break;
    case ValueType::kM:
      write_json(value.as_map(), out);
      break;
    case ValueType::kL:
      append_array(
          value.as_list(), [](const Value& each, std::string* to) { write_json(each, to); }, out);
      break;
    case ValueType::kNull:
      out->append("true");
      break;
    case ValueType::kBool:
      out->append(value.as_bool() ? "true" : "false");
      break;
    case ValueType::kDefect:
      break;
  }
  out->push_back('}');
}

void write_json(const Item& item, std::string* out) {
  out->push_back('{');
  bool first = true;
  for (const auto& [name, value] : item) {
    if (!first) out->push_back(',');
    first = false;
    append_json_string(name, out);
    out->push_back(':');
    write_json(value, out);
  }
  out->push_back('}');
}

}  // namespace millstream::dynamodb
