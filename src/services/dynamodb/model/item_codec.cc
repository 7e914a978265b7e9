#include "services/dynamodb/model/item_codec.h"

#include "base/coding.h"
#include "services/dynamodb/model/stored_tags.h"

namespace millstream::dynamodb {
namespace {

Error corrupt(std::string_view what) {
  return {ErrorCode::kCorruption, "a stored item is damaged: " + std::string(what)};
}

void append_entries(const Item& item, std::string* out);

void append_value(const Value& value, std::string* out) {
  switch (value.type()) {
    case ValueType::kS:
      out->push_back(kStringTag);
      append_prefixed(value.as_string(), out);
      return;
    case ValueType::kN:
      out->push_back(kNumberTag);
      value.as_number().append_key(out);
      return;
    case ValueType::kB:
      out->push_back(kBinaryTag);
      append_prefixed(value.as_binary(), out);
      return;
    case ValueType::kSS:
      out->push_back(kStringSetTag);
      append_varint(value.as_string_set().size(), out);
      for (const std::string& element : value.as_string_set()) append_prefixed(element, out);
      return;
    case ValueType::kNS:
      out->push_back(kNumberSetTag);
      append_varint(value.as_number_set().size(), out);
      for (const Number& element : value.as_number_set()) element.append_key(out);
      return;
    case ValueType::kBS:
      out->push_back(kBinarySetTag);
      append_varint(value.as_binary_set().size(), out);
      for (const Binary& element : value.as_binary_set()) append_prefixed(element.bytes, out);
      return;
    case ValueType::kM:
      out->push_back(kMapTag);
      append_entries(value.as_map(), out);
      return;
    case ValueType::kL:
      out->push_back(kListTag);
      append_varint(value.as_list().size(), out);
      for (const Value& element : value.as_list()) append_value(element, out);
      return;
    case ValueType::kNull:
      out->push_back(kNullTag);
      return;
    case ValueType::kBool:
      out->push_back(value.as_bool() ? kTrueTag : kFalseTag);
      return;
    case ValueType::kDefect:
      break;
  }
  CHECK(false);
}

void append_entries(const Item& item, std::string* out) {
  append_varint(item.size(), out);
  for (const auto& [name, value] : item) {
    append_prefixed(name, out);
    append_value(value, out);
  }
}

Result<Item> read_entries(ByteReader* reader, int level);

// A count of elements, each of which takes at least a byte.
Result<size_t> read_count(ByteReader* reader) {
  const auto count = reader->varint();
  if (!count || *count > reader->rest().size()) return corrupt("a count");
  return static_cast<size_t>(*count);
}

Result<std::string> read_bytes(ByteReader* reader) {
  const auto bytes = reader->prefixed();
  if (!bytes) return corrupt("a string");
  return std::string(*bytes);
}

Result<Value> read_string_set(ByteReader* reader, bool binary) {
  Result<size_t> count = read_count(reader);
  if (!count) return count.take_error();
  StringSet strings;
  BinarySet binaries;
  for (size_t i = 0; i < *count; ++i) {
    Result<std::string> bytes = read_bytes(reader);
    if (!bytes) return bytes.take_error();
    if (binary) {
      binaries.push_back({bytes.take()});
    } else {
      strings.push_back(bytes.take());
    }
  }
  return binary ? Value::binary_set(std::move(binaries)) : Value::string_set(std::move(strings));
}

Result<Value> read_number_set(ByteReader* reader) {
  Result<size_t> count = read_count(reader);
  if (!count) return count.take_error();
  NumberSet numbers;
  for (size_t i = 0; i < *count; ++i) {
    Result<Number> number = Number::read_key(reader);
    if (!number) return number.take_error();
    numbers.push_back(*number);
  }
  return Value::number_set(std::move(numbers));
}

Result<Value> read_value(ByteReader* reader, int level);

Result<Value> read_list(ByteReader* reader, int level) {
  Result<size_t> count = read_count(reader);
  if (!count) return count.take_error();
  List list;
  list.reserve(*count);
  for (size_t i = 0; i < *count; ++i) {
    Result<Value> element = read_value(reader, level + 1);
    if (!element) return element.take_error();
    list.push_back(element.take());
  }
  return Value::list(std::move(list));
}

Result<Value> read_value(ByteReader* reader, int level) {
  if (level > Value::kNestingMax) return corrupt("nested too deeply");
  const auto tag = reader->take(1);
  if (!tag) return corrupt("it ends early");
  switch ((*tag)[0]) {
    case kStringTag: {
      Result<std::string> text = read_bytes(reader);
      if (!text) return text.take_error();
      return Value::string(text.take());
    }
    case kNumberTag: {
      Result<Number> number = Number::read_key(reader);
      if (!number) return number.take_error();
      return Value::number(*number);
    }
    case kBinaryTag: {
      Result<std::string> bytes = read_bytes(reader);
      if (!bytes) return bytes.take_error();
      return Value::binary(bytes.take());
    }
    case kStringSetTag:
    case kBinarySetTag:
      return read_string_set(reader, (*tag)[0] == kBinarySetTag);
    case kNumberSetTag:
      return read_number_set(reader);
    case kMapTag: {
      Result<Item> entries = read_entries(reader, level + 1);
      if (!entries) return entries.take_error();
      return Value::map(entries.take());
    }
    case kListTag:
      return read_list(reader, level);
    case kNullTag:
      return Value::null();
    case kFalseTag:
      return Value::boolean(false);
    case kTrueTag:
      return Value::boolean(true);
    default:
      return corrupt("an unknown type");
  }
}

Result<Item> read_entries(ByteReader* reader, int level) {
  Result<size_t> count = read_count(reader);
  if (!count) return count.take_error();
  Item item;
  for (size_t i = 0; i < *count; ++i) {
    Result<std::string> name = read_bytes(reader);
    if (!name) return name.take_error();
    Result<Value> value = read_value(reader, level);
    if (!value) return value.take_error();
    item.emplace_hint(item.end(), name.take(), value.take());
  }
  return item;
}

}  // namespace

void append_item(const Item& item, std::string* out) {
  out->push_back(kStoredVersion);
  append_entries(item, out);
}

std::string encode_item(const Item& item) {
  std::string out;
  append_item(item, &out);
  return out;
}

Result<Item> decode_item(std::string_view bytes) {
  if (bytes.empty() || bytes[0] != kStoredVersion) return corrupt("an unknown version");
  ByteReader reader(bytes.substr(1));
  Result<Item> item = read_entries(&reader, 1);
  if (item && !reader.empty()) return corrupt("bytes behind its end");
  return item;
}

void append_key_bytes(const Value& value, std::string* out) {
  switch (value.type()) {
    case ValueType::kS:
      out->append(value.as_string());
      return;
    case ValueType::kB:
      out->append(value.as_binary());
      return;
    case ValueType::kN:
      value.as_number().append_key(out);
      return;
    default:
      CHECK(false);
  }
}

}  // namespace millstream::dynamodb
