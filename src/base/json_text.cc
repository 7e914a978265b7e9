#include "base/json_text.h"

#include <cstdint>
#include <cstring>

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

// How many bytes from `at` on stand for themselves, as far as whole words of eight tell: printable
// ASCII other than the quote and the backslash.
size_t plain_bytes(std::string_view text, size_t at) {
  constexpr uint64_t kOnes = 0x0101010101010101ULL;
  constexpr uint64_t kHighBits = 0x80 * kOnes;
  // Has a high bit set where a byte of `word` is below `bound` or above 0x7f.
  const auto below = [](uint64_t word, uint64_t bound) {
    return ((word - bound * kOnes) | word) & kHighBits;
  };
  const size_t start = at;
  for (; at + 8 <= text.size(); at += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof word);
    const uint64_t special =
        below(word, 0x20) | below(word ^ ('"' * kOnes), 1) | below(word ^ ('\\' * kOnes), 1);
    if (special != 0) break;
  }
  return at - start;
}

}  // namespace

void append_json_string(std::string_view text, std::string* out) {
  *out += '"';
  size_t begin = 0;  // of what can be copied as it is
  for (size_t at = plain_bytes(text, 0); at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    const size_t size = c < 0x80 ? 1 : utf8_character_size(text, at);
    if (size > 1 || (size == 1 && c >= 0x20 && c != '"' && c != '\\')) {
      at += size;
      if (size > 1) at += plain_bytes(text, at);
      continue;
    }
    out->append(text, begin, at - begin);
    if (size == 0) {
      *out += kUtf8Replacement;
    } else {
      append_escape(c, out);
    }
    begin = ++at;
    at += plain_bytes(text, at);
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
