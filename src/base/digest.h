#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace millstream {

using Sha256Digest = std::array<unsigned char, 32>;
using Md5Digest = std::array<unsigned char, 16>;

// OpenSSL's digests behind plain functions. Pure; thread-safe.
Sha256Digest sha256(std::string_view bytes);
Sha256Digest hmac_sha256(std::string_view key, std::string_view bytes);
Md5Digest md5(std::string_view bytes);

// HMAC-SHA-256 under a key that is used more than once: what depends on the key alone is computed
// when the object is made, a third of the work for a short message. A value; thread-safe.
class HmacSha256 {
 public:
  explicit HmacSha256(std::string_view key);
  [[nodiscard]] Sha256Digest operator()(std::string_view bytes) const;

 private:
  // SHA-256 behind the key's inner and outer block: eight words and the bytes taken so far.
  static constexpr size_t kStateBytes = 112;
  struct State {
    alignas(8) unsigned char bytes[kStateBytes];
  };
  State inner_;
  State outer_;
};

// A digest's raw bytes, for hex, base64 or as a key.
template <size_t kSize>
std::string_view digest_view(const std::array<unsigned char, kSize>& digest) {
  return {reinterpret_cast<const char*>(digest.data()), kSize};
}

// CRC-32C (Castagnoli), as RFC 3720 gives it; `crc` continues an earlier result.
uint32_t crc32c(std::string_view bytes, uint32_t crc = 0);
// CRC-32 as gzip has it (RFC 1952).
uint32_t crc32(std::string_view bytes);

// XXH3 of 64 bits: stable for ever, so it may decide what stands where on disk.
uint64_t stable_hash(std::string_view bytes);

}  // namespace millstream
