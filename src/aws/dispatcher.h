#pragma once

#include "aws/authenticator.h"
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
// Everything given to the constructor outlives the dispatcher. Thread-safe: called on every
// reactor; keeps no state between requests.
class Dispatcher {
 public:
  struct Options {
    // Of a body that came compressed (Content-Encoding gzip or deflate), once it is unpacked.
    size_t decompressed_bytes_max = 64u << 20;
  };

  Dispatcher(const ServiceRegistry& registry, const Authenticator& authenticator,
             const Clock& clock, Random& random);
  Dispatcher(const ServiceRegistry& registry, const Authenticator& authenticator,
             const Clock& clock, Random& random, Options options);

  // Answers one request, an http::Handler. Never fails: failures are answers. Starts and ends on
  // `home`; `request` outlives the task.
  io::Task<http::Response> handle(io::Executor& home, const http::Request& request);

 private:
  const ServiceRegistry& registry_;
  const Authenticator& authenticator_;
  const Clock& clock_;
  Random& random_;
  const Options options_;
};

}  // namespace millstream::aws
