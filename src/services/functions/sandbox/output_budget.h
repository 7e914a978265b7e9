#pragma once

#include <cstddef>
#include <cstdint>

namespace millstream::functions {

// How much of what a sandbox prints is read: kBytesPerSecond on average, a second's worth at once.
// What is printed faster stays in the pipe, and its program waits: nothing is lost, and nothing but
// that sandbox is slowed down. A log stream on AWS took five requests of 1 MB a second.
//
// Not synchronised. `now_us` is of a monotonic clock.
class OutputBudget {
 public:
  static constexpr int64_t kBytesPerSecond = 5 << 20;

  explicit OutputBudget(int64_t now_us) : as_of_us_(now_us) {}

  // What may be read now.
  size_t bytes(int64_t now_us);
  // May be more than was there: it is paid back before anything else is read.
  void spend(size_t bytes) { bytes_ -= static_cast<int64_t>(bytes); }
  // How long nothing may be read; 0 while something may. After bytes(now).
  [[nodiscard]] int64_t pause_us() const;

 private:
  // A pause ends when so much may be read, so that it is worth waking up.
  static constexpr int64_t kResumeBytes = 128 << 10;

  int64_t bytes_ = kBytesPerSecond;
  int64_t as_of_us_;
};

}  // namespace millstream::functions
