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

// A digest's raw bytes, for hex, base64 or as a key.
template <size_t kSize>
std::string_view digest_view(const std::array<unsigned char, kSize>& digest) {
  return {reinterpret_cast<const char*>(digest.data()), kSize};
}

// CRC-32C (Castagnoli), as RFC 3720 gives it; `crc` continues an earlier result.
uint32_t crc32c(std::string_view bytes, uint32_t crc = 0);

// XXH3 of 64 bits: stable for ever, so it may decide what stands where on disk.
uint64_t stable_hash(std::string_view bytes);

}  // namespace millstream
