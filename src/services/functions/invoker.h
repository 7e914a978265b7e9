#pragma once

#include <cstdint>
#include <string>

#include "io/executor.h"
#include "io/task.h"

namespace millstream::functions {

// One call of a function.
struct Invocation {
  std::string account;
  std::string region;
  std::string function_name;   // bare, not an ARN
  std::string payload;         // JSON text, at most 6 MB; checked by the caller
  std::string client_context;  // JSON text, or empty
  std::string request_id;      // the function's aws_request_id; empty: a new one is drawn
  bool log_tail = false;       // give the last 4 KB of this call's log back
};

enum class InvokeStatus {
  kAnswered,   // the function ran: `payload` is its answer or, if function_error is set, its error
  kNotFound,   // no such function
  kThrottled,  // no environment became free in time; nothing ran
  kStopped,    // the server is shutting down; the function may have run in part
  kFailed,     // no environment could be started or its code couldn't be read: `failure` says why
};

struct InvokeOutcome {
  InvokeStatus status = InvokeStatus::kAnswered;
  std::string function_error;  // "" or "Unhandled", as X-Amz-Function-Error carries it
  std::string payload;         // JSON text; may be empty
  std::string log_tail;        // raw, not base64; only when it was asked for
  std::string request_id;
  std::string failure;  // for kFailed: a sentence for the server's log
};

// Runs functions: what Lambda's Invoke, the asynchronous queue and the triggers share. Thread-safe.
class Invoker {
 public:
  virtual ~Invoker() = default;
  // Runs the function once, in a warm environment or a new one; retries nothing. Waits for an
  // environment at most as long as the function's own timeout. Goes on on `home`.
  virtual io::Task<InvokeOutcome> invoke(io::Executor& home, Invocation invocation) = 0;
};

}  // namespace millstream::functions
