#include "base/uuid.h"

namespace millstream {
namespace {

// Behind which digits of a UUID's text a dash stands, by bytes.
constexpr bool dash_before(int byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

}  // namespace

std::string uuid_text(uint64_t high, uint64_t low) {
  static constexpr char kDigits[] = "0123456789abcdef";
  high = (high & ~uint64_t{0xf000}) | 0x4000;
  low = (low & ~(uint64_t{3} << 62)) | uint64_t{1} << 63;
  std::string text(36, '-');
  char* at = text.data();
  for (int byte = 0; byte < 16; ++byte) {
    if (dash_before(byte)) ++at;
    const uint64_t half = byte < 8 ? high : low;
    const int shift = 56 - 8 * (byte % 8);
    *at++ = kDigits[half >> (shift + 4) & 15];
    *at++ = kDigits[half >> shift & 15];
  }
  return text;
}

}  // namespace millstream
