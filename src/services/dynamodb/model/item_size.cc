#include "services/dynamodb/model/item_size.h"

namespace millstream::dynamodb {

size_t value_size(const Value& value) {
  size_t size = 0;
  switch (value.type()) {
    case ValueType::kS:
      return value.as_string().size();
    case ValueType::kN:
      return value.as_number().size();
    case ValueType::kB:
      return value.as_binary().size();
    case ValueType::kSS:
      for (const std::string& element : value.as_string_set()) size += element.size();
      return size;
    case ValueType::kNS:
      for (const Number& element : value.as_number_set()) size += element.size();
      return size;
    case ValueType::kBS:
      for (const Binary& element : value.as_binary_set()) size += element.bytes.size();
      return size;
    case ValueType::kM:
      return kDocumentOverhead + kElementOverhead * value.as_map().size() +
             item_size(value.as_map());
    case ValueType::kL:
      size = kDocumentOverhead + kElementOverhead * value.as_list().size();
      for (const Value& element : value.as_list()) size += value_size(element);
      return size;
    case ValueType::kNull:
    case ValueType::kBool:
      return 1;
    case ValueType::kDefect:
      break;
  }
  return 0;
}

size_t item_size(const Item& item) {
  size_t size = 0;
  for (const auto& [name, value] : item) size += name.size() + value_size(value);
  return size;
}

}  // namespace millstream::dynamodb
