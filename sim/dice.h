#pragma once

#include <cstdint>

#include "base/random.h"

namespace millstream::sim {

// One of the simulation's streams of draws. Each part has its own, so that what one part draws
// doesn't shift the others when a history is made shorter.
class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(seed) {}

  uint64_t draw() { return random_.next_u64(); }
  // 0 to count - 1.
  uint64_t below(uint64_t count) { return draw() % count; }
  // From first to last, both included.
  int64_t between(int64_t first, int64_t last) {
    return first + static_cast<int64_t>(below(static_cast<uint64_t>(last - first) + 1));
  }
  bool one_in(uint64_t count) { return below(count) == 0; }

 private:
  SeededRandom random_;
};

}  // namespace millstream::sim
