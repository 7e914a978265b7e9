#pragma once

#include <cstdint>
#include <string_view>

#include "aws/service_table.h"

namespace millstream::aws {

// A request that has its answer.
struct AnsweredRequest {
  enum class Result { kOk, kRefused, kThrottled, kFailed };

  const ServiceModel* service;  // nullptr when it wasn't found out
  const OperationRow* operation;
  Result result;
  int http_status;
  std::string_view error;  // "ResourceNotFoundException"; empty with kOk
  std::string_view request_id;
  int64_t duration_us;  // from the whole request to the whole answer
};

// Told of every answer. Called on every reactor; doesn't wait. Thread-safe.
class RequestObserver {
 public:
  virtual ~RequestObserver() = default;
  virtual void answered(const AnsweredRequest& request) = 0;
};

}  // namespace millstream::aws
