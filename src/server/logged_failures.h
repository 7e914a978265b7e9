#pragma once

#include "aws/failure_log.h"

namespace millstream::server {

// Writes each internal failure to the log as an error, a line for each, with the request's id.
class LoggedFailures final : public aws::FailureLog {
 public:
  void internal_failure(std::string_view request_id, std::string_view what,
                        std::string_view detail) override;
};

}  // namespace millstream::server
