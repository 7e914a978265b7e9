#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services/functions/sandbox/sandboxes.h"

namespace millstream::functions {

// Why an invocation or an initialisation failed without the handler's own answer, in Lambda's
// words.
struct Failure {
  std::string type;              // "Runtime.ExitError"
  std::string message;           // "Runtime exited with error: exit status 1"
  std::string body;              // the runtime's own description; empty: made of the two above
  std::string status = "error";  // as REPORT tells it: "error" or "timeout"
  std::string report_type;       // as REPORT tells it; empty: `type`
  bool by_host = false;          // the machine's fault: the function's code never ran

  // What Invoke answers.
  [[nodiscard]] std::string payload(std::string_view request_id) const;
};

// A program that ended where it should have gone on.
Failure exit_failure(const SandboxEnd& end);
// "Task timed out after 3.00 seconds".
Failure timeout_failure(int32_t timeout_s);
Failure response_too_large(size_t bytes);
// What a runtime reported itself; `type` may be empty.
Failure reported_failure(std::string type, std::string body);

// 6 MiB, and 100 bytes for what surrounds the answer.
inline constexpr size_t kResponseBytesMax = (6u << 20) + 100;

}  // namespace millstream::functions
