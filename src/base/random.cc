#include "base/random.h"

#include <openssl/rand.h>

#include <cstring>

#include "base/check.h"
#include "base/hex.h"

namespace millstream {

uint64_t Random::next_u64() {
  uint64_t value;
  fill(&value, sizeof value);
  return value;
}

std::string Random::uuid() {
  unsigned char bytes[16];
  fill(bytes, sizeof bytes);
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
  std::string text;
  text.reserve(36);
  const std::string_view all(reinterpret_cast<const char*>(bytes), sizeof bytes);
  size_t from = 0;
  for (const size_t to : {4, 6, 8, 10, 16}) {
    if (from > 0) text += '-';
    append_hex(all.substr(from, to - from), &text);
    from = to;
  }
  return text;
}

std::string Random::text(size_t size, const char* alphabet) {
  const size_t letters = std::strlen(alphabet);
  std::string result(size, '\0');
  for (char& c : result) c = alphabet[next_u64() % letters];
  return result;
}

void SystemRandom::fill(void* bytes, size_t size) {
  CHECK(RAND_bytes(static_cast<unsigned char*>(bytes), static_cast<int>(size)) == 1);
}

void SeededRandom::fill(void* bytes, size_t size) {
  auto* out = static_cast<unsigned char*>(bytes);
  while (size > 0) {
    // splitmix64 (Steele, Lea, Flood 2014).
    state_ += 0x9e3779b97f4a7c15ULL;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    z ^= z >> 31;
    const size_t part = size < sizeof z ? size : sizeof z;
    std::memcpy(out, &z, part);
    out += part;
    size -= part;
  }
}

}  // namespace millstream
