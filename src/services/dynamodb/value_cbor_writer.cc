#include "aws/cbor/encoder.h"
#include "services/dynamodb/value_cbor.h"

namespace millstream::dynamodb {
namespace {

void append_number(const Number& number, std::string* out) {
  std::string text;
  number.append_text(&text);
  aws::append_cbor_text(text, out);
}

template <class Elements, class Append>
void append_array(const Elements& elements, Append append, std::string* out) {
  aws::append_cbor_array(elements.size(), out);
  for (const auto& element : elements) append(element, out);
}

}  // namespace

void write_cbor(const Value& value, std::string* out) {
  CHECK(value.type() != ValueType::kDefect);
  aws::append_cbor_map(1, out);
  aws::append_cbor_text(type_name(value.type()), out);
  switch (value.type()) {
    case ValueType::kS:
      aws::append_cbor_text(value.as_string(), out);
      break;
    case ValueType::kN:
      append_number(value.as_number(), out);
      break;
    case ValueType::kB:
      aws::append_cbor_bytes(value.as_binary(), out);
      break;
    case ValueType::kSS:
      append_array(value.as_string_set(), aws::append_cbor_text, out);
      break;
    case ValueType::kNS:
      append_array(value.as_number_set(), append_number, out);
      break;
    case ValueType::kBS:
      append_array(
          value.as_binary_set(),
          [](const Binary& binary, std::string* to) { aws::append_cbor_bytes(binary.bytes, to); },
          out);
      break;
    case ValueType::kM:
      write_cbor(value.as_map(), out);
      break;
    case ValueType::kL:
      append_array(
          value.as_list(), [](const Value& each, std::string* to) { write_cbor(each, to); }, out);
      break;
    case ValueType::kNull:
      aws::append_cbor_boolean(true, out);
      break;
    case ValueType::kBool:
      aws::append_cbor_boolean(value.as_bool(), out);
      break;
    case ValueType::kDefect:
      break;
  }
}

void write_cbor(const Item& item, std::string* out) {
  aws::append_cbor_map(item.size(), out);
  for (const auto& [name, value] : item) {
    aws::append_cbor_text(name, out);
    write_cbor(value, out);
  }
}

}  // namespace millstream::dynamodb
