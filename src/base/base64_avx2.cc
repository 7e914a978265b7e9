#include "base/base64_avx2.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace millstream {

#if defined(__x86_64__)
namespace {

constexpr size_t kStepCharacters = 32;
constexpr size_t kStepBytes = 24;

bool has_avx2() {
  static const bool has = __builtin_cpu_supports("avx2") != 0;
  return has;
}

// The same 16 bytes in both halves: what the shuffles look up.
__attribute__((target("avx2"))) __m256i twice(__m128i half) {
  return _mm256_broadcastsi128_si256(half);
}

// Each three bytes, four times six bits in the order of the text, in a byte each.
__attribute__((target("avx2"))) __m256i split(__m256i bytes) {
  const __m256i groups = _mm256_shuffle_epi8(
      bytes, twice(_mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10)));
  const __m256i outer = _mm256_mulhi_epu16(_mm256_and_si256(groups, _mm256_set1_epi32(0x0fc0fc00)),
                                           _mm256_set1_epi32(0x04000040));
  const __m256i inner = _mm256_mullo_epi16(_mm256_and_si256(groups, _mm256_set1_epi32(0x003f03f0)),
                                           _mm256_set1_epi32(0x01000010));
  return _mm256_or_si256(outer, inner);
}

// Values 0-63 to characters: what is added is looked up by the value's range.
__attribute__((target("avx2"))) __m256i to_characters(__m256i values) {
  const __m256i letters = _mm256_cmpgt_epi8(values, _mm256_set1_epi8(25));
  const __m256i range = _mm256_sub_epi8(_mm256_subs_epu8(values, _mm256_set1_epi8(51)), letters);
  const __m256i add =
      _mm256_shuffle_epi8(twice(_mm_setr_epi8('A', 'a' - 26, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4,
                                              '+' - 62, '/' - 63, 0, 0)),
                          range);
  return _mm256_add_epi8(values, add);
}

__attribute__((target("avx2"))) size_t encode_front(std::string_view bytes, char* out) {
  size_t taken = 0;
  // The upper half is read from its own place on, four bytes beyond the step.
  for (; bytes.size() - taken >= kStepBytes + 4; taken += kStepBytes, out += kStepCharacters) {
    const char* from = bytes.data() + taken;
    const __m256i both = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))),
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + kStepBytes / 2)), 1);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), to_characters(split(both)));
  }
  return taken;
}

// Characters to values 0-63. False if one isn't of the alphabet.
__attribute__((target("avx2"))) bool to_values(__m256i text, __m256i* values) {
  const __m256i mask = _mm256_set1_epi8(0x2f);
  const __m256i upper = _mm256_and_si256(_mm256_srli_epi32(text, 4), mask);
  const __m256i lower = _mm256_and_si256(text, mask);
  // A character is of the alphabet if its halves have no bit in common here.
  const __m256i of_lower =
      _mm256_shuffle_epi8(twice(_mm_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
                                              0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a)),
                          lower);
  const __m256i of_upper =
      _mm256_shuffle_epi8(twice(_mm_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10,
                                              0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10)),
                          upper);
  if (!_mm256_testz_si256(of_lower, of_upper)) return false;
  const __m256i slash = _mm256_cmpeq_epi8(text, mask);
  const __m256i add =
      _mm256_shuffle_epi8(twice(_mm_setr_epi8(0, 63 - '/', 62 - '+', 52 - '0', -'A', -'A', 26 - 'a',
                                              26 - 'a', 0, 0, 0, 0, 0, 0, 0, 0)),
                          _mm256_add_epi8(slash, upper));
  *values = _mm256_add_epi8(text, add);
  return true;
}

// Four times six bits to three bytes each, 24 at the front.
__attribute__((target("avx2"))) __m256i join(__m256i values) {
  const __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x01400140));
  const __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
  const __m256i packed = _mm256_shuffle_epi8(
      groups, twice(_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1)));
  return _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
}

__attribute__((target("avx2"))) size_t decode_front(std::string_view text, char* out) {
  // A step writes 32 bytes, of which 24 count: the others have room as long as 12 characters more
  // are to come.
  constexpr size_t kTextMin = kStepCharacters + 12;
  size_t taken = 0;
  for (; text.size() - taken >= kTextMin; taken += kStepCharacters, out += kStepBytes) {
    __m256i values;
    const __m256i characters =
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + taken));
    if (!to_values(characters, &values)) break;
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), join(values));
  }
  return taken;
}

}  // namespace

size_t base64_encode_front(std::string_view bytes, char* out) {
  return has_avx2() ? encode_front(bytes, out) : 0;
}
size_t base64_decode_front(std::string_view text, char* out) {
  return has_avx2() ? decode_front(text, out) : 0;
}

#else

size_t base64_encode_front(std::string_view, char*) {
  return 0;
}
size_t base64_decode_front(std::string_view, char*) {
  return 0;
}

#endif

}  // namespace millstream
