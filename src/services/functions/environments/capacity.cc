#include "services/functions/environments/capacity.h"

#include <unistd.h>

#include <algorithm>
#include <thread>

namespace millstream::functions {

CapacityLimits default_capacity() {
  const size_t cores = std::max<size_t>(1, std::thread::hardware_concurrency());
  const int64_t memory_mb =
      (static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE)) >> 20;
  return {16 * cores, 2 * cores, memory_mb * 3 / 4};
}

bool Capacity::full(int32_t memory_mb) const {
  if (environments_ == 0) return false;  // one always fits: the kernel has the last word
  return environments_ >= limits_.environments_max ||
         memory_mb_ + memory_mb > limits_.memory_mb_max;
}

bool Capacity::reserve(int32_t memory_mb) {
  if (full(memory_mb) || starting_ >= limits_.starting_max) return false;
  ++environments_;
  ++starting_;
  memory_mb_ += memory_mb;
  return true;
}

void Capacity::release(int32_t memory_mb) {
  --environments_;
  memory_mb_ -= memory_mb;
}

}  // namespace millstream::functions
