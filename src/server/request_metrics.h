#pragma once

#include <array>
#include <memory>
#include <unordered_map>

#include "aws/request_observer.h"
#include "base/metrics.h"
#include "server/refusals.h"

namespace millstream::server {

// Counts every answer by service, operation and result, and keeps the latencies of each operation:
// millstream_requests_total and millstream_request_seconds. Each request is a line of the log at
// debug level; a throttled one is told as a refusal.
//
// Threads: add() before the first request, answered() on any. What it was given outlives it.
class RequestMetrics final : public aws::RequestObserver {
 public:
  RequestMetrics(Metrics& metrics, Refusals& refusals);

  // The figures of a service's operations that are built; all others are counted together.
  void add(const aws::ServiceModel& model);
  void answered(const aws::AnsweredRequest& request) override;

 private:
  struct Figures {
    std::array<Counter*, 4> results;  // by AnsweredRequest::Result
    Histogram* latency_us;
  };
  Figures make(std::string_view service, std::string_view operation);

  Metrics& metrics_;
  Refusals& refusals_;
  const Figures other_;
  std::unordered_map<const aws::OperationRow*, Figures> by_operation_;  // constant once serving
};

}  // namespace millstream::server
