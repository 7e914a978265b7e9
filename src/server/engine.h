#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/result.h"
#include "http/message.h"
#include "http/server.h"
#include "io/reactor.h"
#include "server/config.h"
#include "server/refusals.h"

namespace millstream::server {

// What an engine gets from its server; all of it outlives the engine.
struct EngineHost {
  const Config& config;
  std::string data;         // the data directory, locked by this process
  uint64_t open_files_max;  // how many files this process may have open
  Clock& clock;
  Random& random;
  Metrics& metrics;
  Refusals& refusals;
  io::Reactors& reactors;  // running
  http::Server& server;    // where function environments' listeners go
};

// Everything between a signed request and the disk: journal, store, lanes, services, dispatcher. It
// lives from one opening of the data directory to the next reset.
class Engine {
 public:
  static std::unique_ptr<Engine> make(EngineHost host);
  // The reactors have stopped, or stop() was long enough ago that nothing of it runs there.
  virtual ~Engine() = default;

  // Opens or makes the data and starts the services. Blocks; once. After a failure, stop() it.
  virtual Result<> start() = 0;
  // Answers a request to AWS; an http::Handler.
  virtual io::Task<http::Response> handle(io::Executor& home, const http::Request& request) = 0;
  // Before its body is read, and when there is no room for it: http::Judge, http::OverloadAnswer.
  virtual std::optional<http::Response> judge(io::Executor& home, const http::Request& head) = 0;
  virtual http::Response overload_answer(io::Executor& home, const http::Request& head) = 0;
  // Why nothing is acknowledged any more; empty while all is well.
  [[nodiscard]] virtual std::string poisoned() const = 0;
  // How functions are kept apart here, a line for the banner.
  [[nodiscard]] virtual std::string isolation_text() const = 0;
  // Stops functions and background work, flushes, closes the files. Blocks; not on a reactor. Not
  // while requests are under way. A failure means that the next start has more to replay.
  virtual Result<> stop() = 0;
};

}  // namespace millstream::server
