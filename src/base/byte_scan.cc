#include "base/byte_scan.h"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace millstream {
namespace {

struct Control {
  static bool matches(unsigned char byte) { return byte < 0x20 || byte == 0x7f; }
#if defined(__x86_64__)
  static __m128i matches(__m128i bytes) {
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    return _mm_or_si128(low, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)));
  }
#endif
};

struct JsonSpecial {
  static bool matches(unsigned char byte) {
    return byte < 0x20 || byte > 0x7f || byte == '"' || byte == '\\';
  }
#if defined(__x86_64__)
  static __m128i matches(__m128i bytes) {
    // As signed numbers, the bytes above 0x7f are below 0x20 too.
    const __m128i outside = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
    const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    return _mm_or_si128(_mm_or_si128(outside, quote), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
  }
#endif
};

template <class Kind>
size_t find(std::string_view text, size_t at) {
#if defined(__x86_64__)
  for (; at + sizeof(__m128i) <= text.size(); at += sizeof(__m128i)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const int found = _mm_movemask_epi8(Kind::matches(bytes));
    if (found != 0) return at + static_cast<size_t>(__builtin_ctz(static_cast<unsigned>(found)));
  }
#endif
  while (at < text.size() && !Kind::matches(static_cast<unsigned char>(text[at]))) ++at;
  return at;
}

}  // namespace

size_t find_control(std::string_view text, size_t at) {
  return find<Control>(text, at);
}
size_t find_json_special(std::string_view text, size_t at) {
  return find<JsonSpecial>(text, at);
}

}  // namespace millstream
