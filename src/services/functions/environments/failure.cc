#include "services/functions/environments/failure.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <csignal>
#include <cstring>
#include <utility>

#include "base/json_text.h"

namespace millstream::functions {
namespace {

std::string_view signal_name(int number) {
  switch (number) {
    case SIGKILL:
      return "killed";
    case SIGSEGV:
      return "segmentation fault";
    case SIGABRT:
      return "aborted";
    case SIGTERM:
      return "terminated";
    case SIGBUS:
      return "bus error";
    case SIGILL:
      return "illegal instruction";
    case SIGFPE:
      return "floating point exception";
    case SIGSYS:
      return "bad system call";
    case SIGTRAP:
      return "trace/breakpoint trap";
    default:
      return strsignal(number);
  }
}

}  // namespace

std::string Failure::payload(std::string_view request_id) const {
  if (!body.empty()) return body;
  const std::string text = fmt::format("RequestId: {} Error: {}", request_id, message);
  return fmt::format(R"({{"errorType":{},"errorMessage":{}}})", json_string(type),
                     json_string(text));
}

Failure exit_failure(const SandboxEnd& end) {
  Failure failure;
  failure.type = "Runtime.ExitError";
  if (WIFSIGNALED(end.wait_status)) {
    failure.message = fmt::format("Runtime exited with error: signal: {}",
                                  signal_name(WTERMSIG(end.wait_status)));
    if (end.out_of_memory) failure.report_type = "Runtime.OutOfMemory";
  } else if (WEXITSTATUS(end.wait_status) == 0) {
    failure.message = "Runtime exited without providing a reason";
  } else {
    failure.message =
        fmt::format("Runtime exited with error: exit status {}", WEXITSTATUS(end.wait_status));
  }
  return failure;
}

Failure timeout_failure(int32_t timeout_s) {
  Failure failure;
  failure.type = "Sandbox.Timedout";
  failure.message = fmt::format("Task timed out after {}.00 seconds", timeout_s);
  failure.status = "timeout";
  return failure;
}

Failure response_too_large(size_t bytes) {
  Failure failure;
  failure.type = "Function.ResponseSizeTooLarge";
  failure.message = fmt::format(
      "Response payload size ({} bytes) exceeded maximum allowed payload size ({} bytes).", bytes,
      kResponseBytesMax);
  failure.body = fmt::format(R"({{"errorType":{},"errorMessage":{}}})", json_string(failure.type),
                             json_string(failure.message));
  return failure;
}

Failure reported_failure(std::string type, std::string body) {
  Failure failure;
  failure.type = type.empty() ? "Function.Unknown" : std::move(type);
  failure.message = "the function reported an error";
  failure.body = std::move(body);
  return failure;
}

}  // namespace millstream::functions
