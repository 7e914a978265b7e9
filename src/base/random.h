#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace millstream {

// Where randomness comes from. Given to constructors, so that the simulator can replay a seed.
// Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(void* bytes, size_t size) = 0;

  uint64_t next_u64();
  // A version 4 UUID in its text form, as AWS's request ids and resource ids are.
  std::string uuid();
  // `size` characters drawn evenly from `alphabet`.
  std::string text(size_t size, const char* alphabet);
};

// The operating system's generator (OpenSSL's RAND_bytes): fit for keys and tokens. A failure stops
// the process, for nothing can go on safely without randomness.
class SystemRandom final : public Random {
 public:
  void fill(void* bytes, size_t size) override;
};

// A repeatable generator for tests. Not for secrets. Not thread-safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  void fill(void* bytes, size_t size) override;

 private:
  uint64_t state_;
};

}  // namespace millstream
