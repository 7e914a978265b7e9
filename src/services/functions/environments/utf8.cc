#include "services/functions/environments/utf8.h"

#include <cstdint>
#include <string_view>

namespace millstream::functions {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// The length of the well-formed character at the front, 0 if there is none.
size_t character_size(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return 0;
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, surrogates and what lies past U+10FFFF show in the second byte.
  const unsigned second = byte(1);
  const bool wrong = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                     (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
  return wrong ? 0 : size;
}

size_t valid_prefix(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t size = character_size(text.substr(at));
    if (size == 0) break;
    at += size;
  }
  return at;
}

}  // namespace

void make_valid_utf8(std::string* text) {
  size_t at = valid_prefix(*text);
  if (at == text->size()) return;
  std::string out;
  std::string_view rest = *text;
  while (!rest.empty()) {
    at = valid_prefix(rest);
    out += rest.substr(0, at);
    rest.remove_prefix(at);
    if (rest.empty()) break;
    out += kReplacement;
    rest.remove_prefix(1);
  }
  *text = std::move(out);
}

}  // namespace millstream::functions
