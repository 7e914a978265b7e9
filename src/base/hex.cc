#include "base/hex.h"

#include <array>
#include <cstring>

namespace millstream {
namespace {

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The two digits of each byte.
constexpr auto kPairs = [] {
  constexpr char kDigits[] = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (size_t byte = 0; byte < pairs.size(); ++byte) {
    pairs[byte] = {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return pairs;
}();

}  // namespace

void append_hex(std::string_view bytes, std::string* out) {
  const size_t start = out->size();
  out->resize(start + bytes.size() * 2);
  char* at = out->data() + start;
  for (unsigned char byte : bytes) {
    std::memcpy(at, kPairs[byte].data(), 2);
    at += 2;
  }
}

std::string to_hex(std::string_view bytes) {
  std::string text;
  append_hex(bytes, &text);
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = digit_value(text[i]);
    const int low = digit_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

}  // namespace millstream
