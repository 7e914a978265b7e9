#pragma once

#include <string_view>

namespace millstream::aws {

// Where the causes of failures go that a client sees as internal ones only. Thread-safe.
class FailureLog {
 public:
  virtual ~FailureLog() = default;
  // `what` was being done for the request, an operation's name usually; `detail` is the cause.
  virtual void internal_failure(std::string_view request_id, std::string_view what,
                                std::string_view detail) = 0;
};

}  // namespace millstream::aws
