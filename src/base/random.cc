#include "base/random.h"

#include <openssl/rand.h>

#include <cstring>

#include "base/check.h"
#include "base/coding.h"
#include "base/mix.h"
#include "base/uuid.h"

namespace millstream {

uint64_t Random::next_u64() {
  uint64_t value;
  fill(&value, sizeof value);
  return value;
}

std::string Random::uuid() {
  unsigned char bytes[16];
  fill(bytes, sizeof bytes);
  return uuid_text(load_big<uint64_t>(reinterpret_cast<const char*>(bytes)),
                   load_big<uint64_t>(reinterpret_cast<const char*>(bytes) + 8));
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
    state_ += kMixStep;
    const uint64_t z = mix_bits(state_);
    const size_t part = size < sizeof z ? size : sizeof z;
    std::memcpy(out, &z, part);
    out += part;
    size -= part;
  }
}

}  // namespace millstream
