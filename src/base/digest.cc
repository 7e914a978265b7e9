#include "base/digest.h"

// The plain functions of OpenSSL: the EVP ones look their algorithm up by name at every call, which
// costs more than hashing a short text does.
#define OPENSSL_API_COMPAT 0x10100000L
#include <libdeflate.h>
#include <openssl/md5.h>
#include <openssl/sha.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace millstream {
namespace {

constexpr auto kCrc32cTable = [] {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0x82f63b78u : 0);
    table[i] = crc;
  }
  return table;
}();

uint32_t crc32c_table(std::string_view bytes, uint32_t crc) {
  for (unsigned char byte : bytes) crc = (crc >> 8) ^ kCrc32cTable[(crc ^ byte) & 0xff];
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) uint32_t crc32c_sse42(std::string_view bytes, uint32_t crc) {
  uint64_t wide = crc;
  const char* at = bytes.data();
  size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    wide = _mm_crc32_u64(wide, word);
  }
  auto narrow = static_cast<uint32_t>(wide);
  for (; left > 0; --left, ++at) narrow = _mm_crc32_u8(narrow, static_cast<unsigned char>(*at));
  return narrow;
}
#endif

}  // namespace

Sha256Digest sha256(std::string_view bytes) {
  SHA256_CTX state;
  Sha256Digest digest;
  SHA256_Init(&state);
  SHA256_Update(&state, bytes.data(), bytes.size());
  SHA256_Final(digest.data(), &state);
  return digest;
}

HmacSha256::HmacSha256(std::string_view key) {
  static_assert(sizeof(SHA256_CTX) == kStateBytes);
  constexpr size_t kBlockBytes = 64;  // RFC 2104's B
  std::array<unsigned char, kBlockBytes> block{};
  const Sha256Digest shortened = key.size() > kBlockBytes ? sha256(key) : Sha256Digest{};
  if (key.size() > kBlockBytes) key = digest_view(shortened);
  std::memcpy(block.data(), key.data(), key.size());
  const auto absorb = [&block](unsigned char pad, State* state) {
    std::array<unsigned char, kBlockBytes> padded;
    for (size_t i = 0; i < kBlockBytes; ++i) padded[i] = block[i] ^ pad;
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, padded.data(), padded.size());
    std::memcpy(state->bytes, &context, sizeof context);
  };
  absorb(0x36, &inner_);
  absorb(0x5c, &outer_);
}

Sha256Digest HmacSha256::operator()(std::string_view bytes) const {
  SHA256_CTX context;
  Sha256Digest digest;
  std::memcpy(&context, inner_.bytes, sizeof context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(digest.data(), &context);
  std::memcpy(&context, outer_.bytes, sizeof context);
  SHA256_Update(&context, digest.data(), digest.size());
  SHA256_Final(digest.data(), &context);
  return digest;
}

Sha256Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  return HmacSha256(key)(bytes);
}

Md5Digest md5(std::string_view bytes) {
  MD5_CTX state;
  Md5Digest digest;
  MD5_Init(&state);
  MD5_Update(&state, bytes.data(), bytes.size());
  MD5_Final(digest.data(), &state);
  return digest;
}

uint32_t crc32c(std::string_view bytes, uint32_t crc) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) return ~crc32c_sse42(bytes, ~crc);
#endif
  return ~crc32c_table(bytes, ~crc);
}

uint32_t crc32(std::string_view bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

uint64_t stable_hash(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace millstream
