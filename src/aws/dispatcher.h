#pragma once

#include <cstddef>
#include <optional>

#include "aws/authenticator.h"
#include "aws/failure_log.h"
#include "aws/request_context.h"
#include "aws/request_ids.h"
#include "aws/request_observer.h"
#include "aws/service_registry.h"
#include "base/clock.h"
#include "base/random.h"
#include "http/message.h"
#include "io/task.h"

namespace millstream::aws {

// From an HTTP request to an operation and back: authenticate, find the operation, read and
// validate its input, run it, write its answer or its error. Knows no service but those in the
// registry.
//
// Everything given to the constructor but `random` outlives the dispatcher. Thread-safe: called on
// every reactor; keeps nothing of a request but the count that the next one's id is made from.
class Dispatcher {
 public:
  struct Options {
    // Of a body that came compressed (Content-Encoding gzip or deflate), once it is unpacked.
    size_t decompressed_bytes_max = 64u << 20;
  };

  Dispatcher(const ServiceRegistry& registry, const Authenticator& authenticator,
             FailureLog& failures, RequestObserver& observer, const Clock& clock, Random& random);
  Dispatcher(const ServiceRegistry& registry, const Authenticator& authenticator,
             FailureLog& failures, RequestObserver& observer, const Clock& clock, Random& random,
             Options options);

  // Answers one request, an http::Handler. Never fails: failures are answers. Starts and ends on
  // `home`; `request` outlives the task.
  io::Task<http::Response> handle(io::Executor& home, const http::Request& request);

  // The answer to a request that its header alone condemns (a malformed target, no signature, an
  // unknown key); an http::Judge.
  std::optional<http::Response> judge(io::Executor& home, const http::Request& head) const;
  // What the operation answers when there is no room for the request; an http::OverloadAnswer.
  http::Response overload_answer(io::Executor& home, const http::Request& head) const;

 private:
  struct Call;
  void tell_of(const Call& call, const http::Response& response, const Error* error) const;
  Result<> resolve(Call* call) const;
  Result<> resolve_target(Call* call) const;
  Result<> resolve_rpc(Call* call) const;
  Result<> resolve_query(Call* call) const;
  Result<> authenticate(Call* call) const;
  Result<> identify(Call* call) const;
  Result<> resolve_rest(Call* call) const;
  Result<> prepare(Call* call) const;
  io::Task<Result<http::Response>> run(Call& call) const;
  io::Task<Result<http::Response>> run_stream(Call& call) const;
  static io::Task<Result<http::Response>> run_json(Call& call);
  static io::Task<Result<http::Response>> run_cbor(Call& call);
  static io::Task<Result<http::Response>> run_query(Call& call);
  static io::Task<Result<http::Response>> run_rest(Call& call);
  http::Response failed(const Call& call, const Error& error) const;

  const ServiceRegistry& registry_;
  const Authenticator& authenticator_;
  FailureLog& failures_;
  RequestObserver& observer_;
  const Clock& clock_;
  mutable RequestIds request_ids_;
  const Options options_;
};

}  // namespace millstream::aws
