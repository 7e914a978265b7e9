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

io::Task<Result<>> reset_by(const Front::RunReset& run_reset, io::Executor& home) {
  auto outcome = std::make_shared<io::OneShot<Result<>>>(home);
  run_reset([outcome](Result<> result) { outcome->set(std::move(result)); });
  Result<> result = co_await *outcome;
  co_return result;
}

}  // namespace

io::Task<http::Response> Front::handle(io::Executor& home, const http::Request& request) {
  if (request.target.starts_with(kOwnPaths) && request.listener_label.empty()) {
    http::Response own = co_await own_path(home, request);
    co_return own;
  }
  in_flight_.fetch_add(1);
  http::Response response;
  if (Engine* engine = engine_.load()) {
    response = co_await engine->handle(home, request);
  } else {
    response = message(503, "Millstream is being reset.");
  }
  in_flight_.fetch_sub(1);
  co_return response;
}

io::Task<http::Response> Front::own_path(io::Executor& home, const http::Request& request) {
  const std::string_view path =
      std::string_view(request.target).substr(0, request.target.find('?'));
  const bool is_read = request.method == "GET" || request.method == "HEAD";
  if (path == "/_millstream/health") {
    co_return is_read ? health() : message(405, "Use GET.");
  }
  if (path == "/_millstream/reset") {
    if (request.method != "POST") co_return message(405, "Use POST.");
    http::Response response = co_await reset(home, request);
    co_return response;
  }
  co_return message(404, "Millstream's own paths are /_millstream/health and /_millstream/reset.");
}

http::Response Front::health() {
  // Counted like a request, so that the engine stays while it is asked.
  in_flight_.fetch_add(1);
  Engine* engine = engine_.load();
  const std::string poisoned = engine ? engine->poisoned() : "";
  in_flight_.fetch_sub(1);
  const bool ready = engine != nullptr && poisoned.empty();
  return json_response(
      ready ? 200 : 503,
      fmt::format(R"({{"ready":{},"version":{},"durability":"{}","poisoned":{}}})", ready,
                  json_string(kVersion),
                  config_.durability == journal::Durability::kFsync ? "fsync" : "none",
                  poisoned.empty() ? "null" : json_string(poisoned)));
}

io::Task<http::Response> Front::reset(io::Executor& home, const http::Request& request) {
  if (!config_.allow_reset) {
    co_return message(403, "Start the server with --allow-reset to let it be reset.");
  }
  if (!request.peer_is_loopback) co_return message(403, "Only this machine may reset the server.");
  Result<> result = co_await reset_by(run_reset_, home);
  if (!result) co_return message(503, result.error().message);
  co_return json_response(200, R"({"reset":true})");
}

}  // namespace millstream::server
