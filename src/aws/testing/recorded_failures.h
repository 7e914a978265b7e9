#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "aws/failure_log.h"

namespace millstream::aws::testing {

// Keeps what it was told: "PutItem: the disk is on fire". Thread-safe.
class RecordedFailures final : public FailureLog {
 public:
  void internal_failure(std::string_view /*request_id*/, std::string_view what,
                        std::string_view detail) override {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::string(what) + ": " + std::string(detail));
  }
  [[nodiscard]] std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;  // guarded by mutex_
};

}  // namespace millstream::aws::testing
