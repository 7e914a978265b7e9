#include "server/front.h"

#include <fmt/format.h>

#include "base/json_text.h"
#include "server/version.h"

namespace millstream::server {
namespace {

constexpr std::string_view kOwnPaths = "/_millstream/";

http::Response json_response(int status, const std::string& body) {
  http::Response response;
  response.status = status;
  response.headers.add("content-type", "application/json");
  response.body = body + "\n";
  return response;
}

http::Response message(int status, const std::string& text) {
  return json_response(status, fmt::format(R"({{"message":{}}})", json_string(text)));
}

http::Response being_reset() {
  return message(503, "Millstream is being reset.");
}

bool is_own(const http::Request& request) {
  return request.target.starts_with(kOwnPaths) && request.listener_label.empty();
}

io::Task<Result<>> reset_by(const Front::RunReset& run_reset, io::Executor& home) {
  auto outcome = std::make_shared<io::OneShot<Result<>>>(home);
  run_reset([outcome](Result<> result) { outcome->set(std::move(result)); });
  Result<> result = co_await *outcome;
  co_return result;
}

}  // namespace

// The engine, if there is one, which stays while it is used.
class Front::EngineUse {
 public:
  explicit EngineUse(Front& front) : front_(front) {
    front_.in_flight_.fetch_add(1);
    engine_ = front_.engine_.load();
  }
  ~EngineUse() { front_.in_flight_.fetch_sub(1); }
  EngineUse(const EngineUse&) = delete;
  EngineUse& operator=(const EngineUse&) = delete;
  [[nodiscard]] Engine* get() const { return engine_; }

 private:
  Front& front_;
  Engine* engine_;
};

io::Task<http::Response> Front::handle(io::Executor& home, const http::Request& request) {
  if (is_own(request)) {
    http::Response own = co_await own_path(home, request);
    co_return own;
  }
  const EngineUse engine(*this);
  if (!engine.get()) co_return being_reset();
  http::Response response = co_await engine.get()->handle(home, request);
  if (response.producer) {
    response.producer = bodies_.keep(home, std::move(response.producer));
    // The engine may have been taken away before the body was among those to end.
    if (!engine_.load()) bodies_.end_all();
  }
  co_return response;
}

std::optional<http::Response> Front::judge(io::Executor& home, const http::Request& head) {
  if (is_own(head)) return message(413, "Millstream's own paths take no such body.");
  const EngineUse engine(*this);
  if (!engine.get()) return being_reset();
  return engine.get()->judge(home, head);
}

http::Response Front::overload_answer(io::Executor& home, const http::Request& head) {
  if (is_own(head)) return message(503, "The server has no room for the request now.");
  const EngineUse engine(*this);
  if (!engine.get()) return being_reset();
  return engine.get()->overload_answer(home, head);
}

io::Task<http::Response> Front::own_path(io::Executor& home, const http::Request& request) {
  const std::string_view path =
      std::string_view(request.target).substr(0, request.target.find('?'));
  const bool is_read = request.method == "GET" || request.method == "HEAD";
  if (path == "/_millstream/health") {
    co_return is_read ? health() : message(405, "Use GET.");
  }
  if (path == "/_millstream/certificate") {
    co_return is_read ? certificate() : message(405, "Use GET.");
  }
  if (path == "/_millstream/metrics") {
    co_return is_read ? metrics(request) : message(405, "Use GET.");
  }
  if (path == "/_millstream/reset") {
    if (request.method != "POST") co_return message(405, "Use POST.");
    http::Response response = co_await reset(home, request);
    co_return response;
  }
  co_return message(404,
                    "Millstream's own paths are /_millstream/health, /_millstream/certificate, "
                    "/_millstream/metrics and /_millstream/reset.");
}

http::Response Front::health() {
  const EngineUse use(*this);
  Engine* const engine = use.get();
  const std::string poisoned = engine ? engine->poisoned() : "";
  const bool ready = engine != nullptr && poisoned.empty();
  return json_response(
      ready ? 200 : 503,
      fmt::format(R"({{"ready":{},"version":{},"durability":"{}","poisoned":{}}})", ready,
                  json_string(kVersion),
                  config_.durability == journal::Durability::kFsync ? "fsync" : "none",
                  poisoned.empty() ? "null" : json_string(poisoned)));
}

// What every client of TLS gets to see anyway.
http::Response Front::certificate() const {
  http::Response response;
  response.headers.add("content-type", "application/x-pem-file");
  response.headers.add("x-certificate-sha256", tls_->fingerprint());
  response.body = tls_->certificates();
  return response;
}

http::Response Front::metrics(const http::Request& request) {
  if (!request.peer_is_loopback) return message(403, "Only this machine may read the metrics.");
  if (const auto page = http::web_page_behind(request, config_.web_pages)) {
    return message(403, "The metrics aren't shown for this request: " + *page + ".");
  }
  // Some figures are looked up in the engine.
  const EngineUse engine(*this);
  if (!engine.get()) return being_reset();
  http::Response response;
  response.headers.add("content-type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = metrics_.text();
  return response;
}

io::Task<http::Response> Front::reset(io::Executor& home, const http::Request& request) {
  if (!config_.allow_reset) {
    co_return message(403, "Start the server with --allow-reset to let it be reset.");
  }
  if (!request.peer_is_loopback) co_return message(403, "Only this machine may reset the server.");
  if (const auto page = http::web_page_behind(request, config_.web_pages)) {
    co_return message(403, "The server isn't reset for this request: " + *page + ".");
  }
  Result<> result = co_await reset_by(run_reset_, home);
  if (!result) co_return message(503, result.error().message);
  co_return json_response(200, R"({"reset":true})");
}

}  // namespace millstream::server
