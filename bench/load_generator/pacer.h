#pragma once

#include <cstdint>
#include <optional>

namespace millstream::bench {

// When requests are meant to be sent. Times are microseconds of one monotonic clock. Not
// synchronised.
//
// Closed: a request is due whenever a connection is free. Constant rate: request k is due at
// start + k / rate whether or not the server keeps up, and its latency counts from then, so that a
// stall is seen by all requests that it would have hit.
class Pacer {
 public:
  struct Plan {
    double rate = 0;  // requests a second; 0: closed
    int64_t duration_us = 0;
    uint64_t requests_max = 0;  // 0: as many as fit
  };

  Pacer(Plan plan, int64_t start_us);

  // When the next request is due, which may be in the past (constant rate) or is `now_us` (closed);
  // nothing when none is left.
  [[nodiscard]] std::optional<int64_t> next_due(int64_t now_us) const;
  // The due one is taken.
  void take() { ++taken_; }
  [[nodiscard]] uint64_t taken() const { return taken_; }
  // How many of a constant rate's requests are left.
  [[nodiscard]] uint64_t left(int64_t now_us) const;

 private:
  const Plan plan_;
  const int64_t start_us_;
  const uint64_t planned_;  // constant rate: requests in all
  uint64_t taken_ = 0;
};

}  // namespace millstream::bench
