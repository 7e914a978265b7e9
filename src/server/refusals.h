#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/metrics.h"

namespace millstream::server {

// Counts and tells of requests and connections that were refused, a line each, but no more of them
// a second than somebody may read: whoever floods the server doesn't flood its log. Thread-safe.
class Refusals {
 public:
  static constexpr uint64_t kLinesPerSecondMax = 10;

  // `clock` and `metrics` outlive it; `write` may be called on any thread, one call at a time.
  Refusals(const Clock& clock, Metrics& metrics, std::function<void(const std::string& line)> write)
      : clock_(clock),
        count_(metrics.counter("millstream_refusals_total",
                               "Requests and connections refused for what they are or for lack of "
                               "room; the log has the reasons.")),
        write_(std::move(write)) {}

  void tell(std::string_view reason);

 private:
  const Clock& clock_;
  Counter& count_;
  const std::function<void(const std::string& line)> write_;
  std::mutex mutex_;
  int64_t second_ = 0;   // guarded by mutex_
  uint64_t lines_ = 0;   // of that second; guarded by mutex_
  uint64_t untold_ = 0;  // guarded by mutex_
};

}  // namespace millstream::server
