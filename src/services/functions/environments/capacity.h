#pragma once

#include <cstddef>
#include <cstdint>

namespace millstream::functions {

// What the machine may spend on environments.
struct CapacityLimits {
  size_t environments_max = 0;  // at once
  size_t starting_max = 0;      // being started at once: more only slow each other down
  int64_t memory_mb_max = 0;    // the sum of their functions' memory sizes
};

// 16 environments a core, two starting a core, three quarters of the memory; at least one
// environment of the largest kind that fits.
CapacityLimits default_capacity();

// The account of it. Owned by one thread.
class Capacity {
 public:
  explicit Capacity(CapacityLimits limits) : limits_(limits) {}

  // Takes room for one more environment, which is starting; false if there is none now.
  bool reserve(int32_t memory_mb);
  void started() { --starting_; }
  void release(int32_t memory_mb);
  // Whether ending an environment would make room (rather than waiting for others to start).
  [[nodiscard]] bool full(int32_t memory_mb) const;
  [[nodiscard]] size_t environments() const { return environments_; }

 private:
  const CapacityLimits limits_;
  size_t environments_ = 0;
  size_t starting_ = 0;
  int64_t memory_mb_ = 0;
};

}  // namespace millstream::functions
