#include "base/json_text.h"

#include "base/byte_scan.h"
#include "base/utf8.h"

namespace millstream {
namespace {

void append_escape(unsigned char c, std::string* out) {
  constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      *out += "\\\"";
      break;
    case '\\':
      *out += "\\\\";
      break;
    case '\n':
      *out += "\\n";
      break;
    case '\r':
      *out += "\\r";
      break;
    case '\t':
      *out += "\\t";
      break;
    default:
      *out += "\\u00";
      *out += kHex[c >> 4];
      *out += kHex[c & 15];
  }
}

}  // namespace

void append_json_string(std::string_view text, std::string* out) {
  *out += '"';
  size_t begin = 0;  // of what can be copied as it is
  for (size_t at = find_json_special(text, 0); at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    const size_t size = c < 0x80 ? 1 : utf8_character_size(text, at);
    if (size > 1) {
      at = find_json_special(text, at + size);
      continue;
    }
    out->append(text, begin, at - begin);
    if (size == 0) {
      *out += kUtf8Replacement;
    } else {
      append_escape(c, out);
    }
    begin = ++at;
    at = find_json_special(text, at);
  }
  out->append(text, begin);
  *out += '"';
}

std::string json_string(std::string_view text) {
  std::string quoted;
  append_json_string(text, &quoted);
  return quoted;
}

}  // namespace millstream
