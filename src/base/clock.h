#pragma once

#include <cstdint>

namespace millstream {

// Where time comes from. Given to constructors, so that a test or the simulator owns it.
// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Milliseconds since 1970-01-01 UTC. May jump when the machine's clock is set.
  [[nodiscard]] virtual int64_t wall_ms() const = 0;
  // Microseconds since an arbitrary start; never goes back.
  [[nodiscard]] virtual int64_t monotonic_us() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] int64_t wall_ms() const override;
  [[nodiscard]] int64_t monotonic_us() const override;
};

// A clock that stands still until it is moved. Not thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(int64_t wall_ms = 1'700'000'000'000) : wall_ms_(wall_ms) {}
  [[nodiscard]] int64_t wall_ms() const override { return wall_ms_; }
  [[nodiscard]] int64_t monotonic_us() const override { return monotonic_us_; }
  void advance_ms(int64_t ms) {
    wall_ms_ += ms;
    monotonic_us_ += ms * 1000;
  }

 private:
  int64_t wall_ms_;
  int64_t monotonic_us_ = 0;
};

}  // namespace millstream
