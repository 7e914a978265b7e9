#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "aws/request_observer.h"

namespace millstream::aws::testing {

// Keeps what it was told: "fixture_json.Fail throttled 400 ThrottlingException". Thread-safe.
class RecordedRequests final : public RequestObserver {
 public:
  void answered(const AnsweredRequest& request) override {
    constexpr const char* kResults[] = {"ok", "refused", "throttled", "failed"};
    std::string line(request.service ? request.service->name : "-");
    line.append(".").append(request.operation ? request.operation->name : "-").append(" ");
    line.append(kResults[static_cast<size_t>(request.result)]).append(" ");
    line.append(std::to_string(request.http_status));
    if (!request.error.empty()) line.append(" ").append(request.error);
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
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
