#include "aws/cbor/encoder.h"

#include <simdjson.h>

#include <bit>

#include "base/coding.h"
#include "base/utf8.h"

namespace millstream::aws {

namespace {

constexpr unsigned kUnsigned = 0;
constexpr unsigned kNegative = 1;
constexpr unsigned kBytes = 2;
constexpr unsigned kText = 3;
constexpr unsigned kArray = 4;
constexpr unsigned kMap = 5;
constexpr unsigned kTag = 6;
constexpr unsigned char kFalse = 0xF4;
constexpr unsigned char kTrue = 0xF5;
constexpr unsigned char kNull = 0xF6;
constexpr unsigned char kDouble = 0xFB;
constexpr uint64_t kTimeTag = 1;

void append_head(unsigned major, uint64_t argument, std::string* out) {
  const auto initial = [&](unsigned additional) {
    out->push_back(static_cast<char>(major << 5 | additional));
  };
  if (argument < 24) {
    initial(static_cast<unsigned>(argument));
  } else if (argument <= 0xFF) {
    initial(24);
    out->push_back(static_cast<char>(argument));
  } else if (argument <= 0xFFFF) {
    initial(25);
    append_big(static_cast<uint16_t>(argument), out);
  } else if (argument <= 0xFFFFFFFF) {
    initial(26);
    append_big(static_cast<uint32_t>(argument), out);
  } else {
    initial(27);
    append_big(argument, out);
  }
}

bool append_element(const simdjson::dom::element& json, std::string* out) {
  using simdjson::dom::element_type;
  switch (json.type()) {
    case element_type::OBJECT: {
      const simdjson::dom::object object = json.get_object().value_unsafe();
      append_cbor_map(object.size(), out);
      for (const auto& [name, value] : object) {
        append_cbor_text(name, out);
        if (!append_element(value, out)) return false;
      }
      return true;
    }
    case element_type::ARRAY: {
      const simdjson::dom::array array = json.get_array().value_unsafe();
      append_cbor_array(array.size(), out);
      for (const auto& value : array) {
        if (!append_element(value, out)) return false;
      }
      return true;
    }
    case element_type::STRING:
      append_cbor_text(json.get_string().value_unsafe(), out);
      return true;
    case element_type::INT64:
      append_cbor_integer(json.get_int64().value_unsafe(), out);
      return true;
    case element_type::BOOL:
      append_cbor_boolean(json.get_bool().value_unsafe(), out);
      return true;
    case element_type::NULL_VALUE:
      append_cbor_null(out);
      return true;
    default: {
      double number = 0;
      if (json.get_double().get(number)) return false;
      append_cbor_double(number, out);
      return true;
    }
  }
}

}  // namespace

void append_cbor_integer(int64_t value, std::string* out) {
  if (value >= 0) return append_head(kUnsigned, static_cast<uint64_t>(value), out);
  append_head(kNegative, static_cast<uint64_t>(~value), out);
}

void append_cbor_bytes(std::string_view bytes, std::string* out) {
  append_head(kBytes, bytes.size(), out);
  out->append(bytes);
}

void append_cbor_text(std::string_view text, std::string* out) {
  if (!is_utf8(text)) {
    std::string valid(text);
    make_valid_utf8(&valid);
    append_head(kText, valid.size(), out);
    out->append(valid);
    return;
  }
  append_head(kText, text.size(), out);
  out->append(text);
}

void append_cbor_array(uint64_t elements, std::string* out) {
  append_head(kArray, elements, out);
}
void append_cbor_map(uint64_t entries, std::string* out) {
  append_head(kMap, entries, out);
}
void append_cbor_boolean(bool value, std::string* out) {
  out->push_back(static_cast<char>(value ? kTrue : kFalse));
}
void append_cbor_null(std::string* out) {
  out->push_back(static_cast<char>(kNull));
}
void append_cbor_double(double value, std::string* out) {
  out->push_back(static_cast<char>(kDouble));
  append_big(std::bit_cast<uint64_t>(value), out);
}
void append_cbor_time_tag(std::string* out) {
  append_head(kTag, kTimeTag, out);
}

bool append_json_as_cbor(std::string_view json, std::string* out) {
  constexpr size_t kDepthMax = 128;
  simdjson::dom::parser parser;
  if (parser.allocate(json.size(), kDepthMax)) return false;
  simdjson::dom::element root;
  if (parser.parse(json.data(), json.size()).get(root)) return false;
  return append_element(root, out);
}

}  // namespace millstream::aws
