#include "base/base64.h"

#include <array>
#include <cstdint>
#include <cstring>

#include "base/base64_avx2.h"

namespace millstream {
namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr uint32_t kWrong = 1u << 31;

// kShifted[k][c] is the value of character c, shifted to its place k in a group of four.
constexpr auto kShifted = [] {
  std::array<std::array<uint32_t, 256>, 4> table{};
  for (auto& place : table) place.fill(kWrong);
  for (uint32_t value = 0; value < 64; ++value) {
    for (size_t place = 0; place < 4; ++place) {
      table[place][static_cast<unsigned char>(kAlphabet[value])] = value << (18 - 6 * place);
    }
  }
  return table;
}();

uint32_t group(const unsigned char* text) {
  return kShifted[0][text[0]] | kShifted[1][text[1]] | kShifted[2][text[2]] | kShifted[3][text[3]];
}

}  // namespace

void base64_append(std::string_view bytes, std::string* out) {
  const size_t start = out->size();
  out->resize(start + base64_encoded_size(bytes.size()));
  char* to = out->data() + start;
  const size_t done = base64_encode_front(bytes, to);
  to += base64_encoded_size(done);
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data()) + done;
  size_t left = bytes.size() - done;
  for (; left >= 3; left -= 3, from += 3) {
    const uint32_t bits = uint32_t{from[0]} << 16 | uint32_t{from[1]} << 8 | from[2];
    *to++ = kAlphabet[bits >> 18];
    *to++ = kAlphabet[bits >> 12 & 63];
    *to++ = kAlphabet[bits >> 6 & 63];
    *to++ = kAlphabet[bits & 63];
  }
  if (left == 0) return;
  const uint32_t bits = uint32_t{from[0]} << 16 | (left == 2 ? uint32_t{from[1]} << 8 : 0);
  *to++ = kAlphabet[bits >> 18];
  *to++ = kAlphabet[bits >> 12 & 63];
  *to++ = left == 2 ? kAlphabet[bits >> 6 & 63] : '=';
  *to = '=';
}

std::string base64_encode(std::string_view bytes) {
  std::string text;
  base64_append(bytes, &text);
  return text;
}

std::optional<size_t> base64_decode_into(std::string_view text, char* out) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.empty()) return 0;
  const auto* from = reinterpret_cast<const unsigned char*>(text.data());
  const auto* last = from + text.size() - 4;
  const size_t done = base64_decode_front(text, out);
  from += done;
  char* to = out + base64_decoded_size_max(done);
  uint32_t seen = 0;
  for (; from < last; from += 4, to += 3) {
    const uint32_t bits = group(from);
    seen |= bits;
    to[0] = static_cast<char>(bits >> 16);
    to[1] = static_cast<char>(bits >> 8);
    to[2] = static_cast<char>(bits);
  }
  unsigned char end[4];
  std::memcpy(end, last, 4);
  const size_t padding = end[3] != '=' ? 0 : end[2] != '=' ? 1 : 2;
  for (size_t i = 0; i < padding; ++i) end[3 - i] = 'A';
  const uint32_t bits = group(end);
  if ((seen | bits) & kWrong) return std::nullopt;
  const uint32_t unused = padding == 0 ? 0 : padding == 1 ? bits & 0xff : bits & 0xffff;
  if (unused != 0) return std::nullopt;
  *to++ = static_cast<char>(bits >> 16);
  if (padding < 2) *to++ = static_cast<char>(bits >> 8);
  if (padding < 1) *to++ = static_cast<char>(bits);
  return static_cast<size_t>(to - out);
}

std::optional<std::string> base64_decode(std::string_view text) {
  std::string bytes(base64_decoded_size_max(text.size()), '\0');
  const std::optional<size_t> size = base64_decode_into(text, bytes.data());
  if (!size) return std::nullopt;
  bytes.resize(*size);
  return bytes;
}

}  // namespace millstream
