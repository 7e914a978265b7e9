#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "base/metrics.h"
#include "base/result.h"
#include "http/message.h"
#include "http/tls_context.h"
#include "io/task.h"
#include "server/config.h"
#include "server/engine.h"
#include "server/open_bodies.h"

namespace millstream::server {

// The public listener's side: Millstream's own paths, and everything else to the engine. While
// there is no engine (a reset is under way), requests get 503. Thread-safe.
class Front {
 public:
  // Has the reset done elsewhere, then `done` told how it went.
  using RunReset = std::function<void(std::function<void(Result<>)> done)>;
  Front(const Config& config, const Metrics& metrics, RunReset run_reset)
      : config_(config), metrics_(metrics), run_reset_(std::move(run_reset)) {}

  io::Task<http::Response> handle(io::Executor& home, const http::Request& request);
  // http::Judge, http::OverloadAnswer.
  std::optional<http::Response> judge(io::Executor& home, const http::Request& head);
  http::Response overload_answer(io::Executor& home, const http::Request& head);

  // Before anything is served.
  void set_tls(std::shared_ptr<const http::TlsContext> tls) { tls_ = std::move(tls); }
  // nullptr takes the engine away; requests that it has go on, but what is still being made of
  // their answers comes to its end.
  void set_engine(Engine* engine) {
    engine_.store(engine);
    if (!engine) bodies_.end_all();
  }
  [[nodiscard]] int64_t requests_in_flight() const { return in_flight_.load(); }

 private:
  class EngineUse;

  io::Task<http::Response> own_path(io::Executor& home, const http::Request& request);
  [[nodiscard]] http::Response health();
  [[nodiscard]] http::Response certificate() const;
  [[nodiscard]] http::Response metrics(const http::Request& request);
  io::Task<http::Response> reset(io::Executor& home, const http::Request& request);

  const Config& config_;
  const Metrics& metrics_;
  const RunReset run_reset_;
  std::shared_ptr<const http::TlsContext> tls_;
  std::atomic<Engine*> engine_{nullptr};
  std::atomic<int64_t> in_flight_{0};
  OpenBodies bodies_{in_flight_};
};

}  // namespace millstream::server
