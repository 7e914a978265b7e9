#pragma once

#include <cstdint>

namespace millstream {

// splitmix64 (Steele, Lea, Flood 2014): mix_bits is one to one and spreads every bit over all; the
// values of `x + n * kMixStep` for n = 0, 1, ... become a sequence that looks random. Not for
// secrets.
inline constexpr uint64_t kMixStep = 0x9e3779b97f4a7c15ULL;
constexpr uint64_t mix_bits(uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
  return bits ^ (bits >> 31);
}

}  // namespace millstream
