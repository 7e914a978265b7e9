#include "base/utf8.h"

#include <utility>

namespace millstream {
namespace {

// Where the well-formed text that begins at `at` ends.
size_t valid_end(std::string_view text, size_t at) {
  while (at < text.size()) {
    const size_t size = utf8_character_size(text, at);
    if (size == 0) break;
    at += size;
  }
  return at;
}

}  // namespace

size_t utf8_character_size(std::string_view text, size_t at) {
  const auto byte = [&](size_t index) -> unsigned {
    return index < text.size() ? static_cast<unsigned char>(text[index]) : 0;
  };
  const auto follows = [&](size_t index) { return (byte(index) & 0xC0) == 0x80; };
  if (at >= text.size()) return 0;
  const unsigned first = byte(at);
  const unsigned second = byte(at + 1);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !follows(at + 1)) return 0;
  if (first < 0xE0) return 2;
  if (!follows(at + 2) || (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) {
    return 0;
  }
  if (first < 0xF0) return 3;
  if (!follows(at + 3) || (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) {
    return 0;
  }
  return 4;
}

bool is_utf8(std::string_view text) {
  return valid_end(text, 0) == text.size();
}

void make_valid_utf8(std::string* text) {
  size_t end = valid_end(*text, 0);
  if (end == text->size()) return;
  std::string out;
  size_t begin = 0;
  while (end < text->size()) {
    out.append(*text, begin, end - begin).append(kUtf8Replacement);
    begin = end + 1;
    end = valid_end(*text, begin);
  }
  out.append(*text, begin);
  *text = std::move(out);
}

}  // namespace millstream
