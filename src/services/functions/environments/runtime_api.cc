#include "services/functions/environments/runtime_api.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/json_text.h"
#include "services/functions/environments/environment.h"

namespace millstream::functions {
namespace {

constexpr std::string_view kRoot = "/2018-06-01/runtime/";
constexpr std::string_view kInvocation = "invocation/";

http::Response json_response(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.headers.add("content-type", "application/json");
  response.body = std::move(body);
  return response;
}

http::Response error_response(int status, std::string_view type, std::string_view message) {
  return json_response(status, fmt::format(R"({{"errorMessage":{},"errorType":{}}})",
                                           json_string(message), json_string(type)));
}

http::Response wrong_state(const Environment& environment, std::string_view wanted) {
  return error_response(403, "InvalidStateTransition",
                        fmt::format("State transition from {} to {} failed for runtime. Error: "
                                    "State transition is not allowed",
                                    environment.state_name(), wanted));
}

http::Response reply_response(const Environment& environment, Environment::Reply reply,
                              std::string_view wanted) {
  switch (reply) {
    case Environment::Reply::kAccepted:
      return json_response(202, "{\"status\":\"OK\"}\n");
    case Environment::Reply::kWrongState:
      return wrong_state(environment, wanted);
    case Environment::Reply::kUnknownRequest:
      return error_response(400, "InvalidRequestID", "Invalid request ID");
    case Environment::Reply::kTooLarge:
      return error_response(
          413, "RequestEntityTooLarge",
          fmt::format("Exceeded maximum allowed payload size ({} bytes).", kResponseBytesMax));
  }
  return json_response(500, "{}");
}

http::Response event_response(const Environment::Event& event) {
  http::Response response;
  response.headers.add("content-type", "application/json");
  response.headers.add("Lambda-Runtime-Aws-Request-Id", event.request_id);
  response.headers.add("Lambda-Runtime-Deadline-Ms", std::to_string(event.deadline_ms));
  response.headers.add("Lambda-Runtime-Invoked-Function-Arn", event.function_arn);
  response.headers.add("Lambda-Runtime-Trace-Id", event.trace_id);
  if (!event.client_context.empty()) {
    response.headers.add("Lambda-Runtime-Client-Context", event.client_context);
  }
  response.body = *event.payload;  // kept: the runtime may turn out to have ended before
  return response;
}

io::Task<http::Response> serve_next(std::shared_ptr<Environment> environment, io::Executor& engine,
                                    io::Executor& home) {
  co_await io::resume_on(engine);
  const auto slot = environment->next(home);
  if (!slot) {
    http::Response refused = wrong_state(*environment, "Ready");
    co_await io::resume_on(home);
    co_return refused;
  }
  std::optional<Environment::Event> event = co_await *slot;
  // An event that was there at once leaves us on the engine.
  if (!home.is_current()) co_await io::resume_on(home);
  if (!event) co_return error_response(410, "Runtime.Stopped", "The environment is being stopped");
  co_return event_response(*event);
}

http::Response post(Environment& environment, std::string_view path, std::string type,
                    std::string body) {
  if (path == "init/error") {
    const auto reply = environment.report_init_error(std::move(type), std::move(body));
    return reply_response(environment, reply, "InitError");
  }
  path.remove_prefix(kInvocation.size());
  const size_t slash = path.find('/');
  const std::string_view request_id = path.substr(0, slash);
  const std::string_view what = path.substr(slash + 1);
  if (what == "response") {
    return reply_response(environment, environment.respond(request_id, std::move(body)),
                          "InvocationResponse");
  }
  const auto reply = environment.report_error(request_id, std::move(type), std::move(body));
  return reply_response(environment, reply, "InvocationErrorResponse");
}

bool is_known_post(std::string_view path) {
  if (path == "init/error") return true;
  if (!path.starts_with(kInvocation)) return false;
  const size_t slash = path.find('/', kInvocation.size());
  if (slash == std::string_view::npos) return false;
  return path.substr(slash) == "/response" || path.substr(slash) == "/error";
}

io::Task<http::Response> serve(std::shared_ptr<Environment> environment, io::Executor& home,
                               const http::Request& request) {
  if (!environment) co_return error_response(410, "Runtime.Stopped", "The environment has ended");
  io::Executor& engine = environment->executor();
  std::string_view path = request.target;
  path = path.substr(0, path.find('?'));
  if (!path.starts_with(kRoot)) co_return error_response(404, "NotFound", "404 page not found");
  path.remove_prefix(kRoot.size());
  if (path == "invocation/next") {
    if (request.method != "GET") co_return error_response(405, "MethodNotAllowed", "use GET");
    http::Response response = co_await serve_next(environment, engine, home);
    co_return response;
  }
  if (!is_known_post(path)) co_return error_response(404, "NotFound", "404 page not found");
  if (request.method != "POST") co_return error_response(405, "MethodNotAllowed", "use POST");
  std::string type(request.headers.get("lambda-runtime-function-error-type"));
  std::string body = request.body;
  co_await io::resume_on(engine);
  http::Response response = post(*environment, path, std::move(type), std::move(body));
  co_await io::resume_on(home);
  co_return response;
}

}  // namespace

http::Handler runtime_api_handler(std::weak_ptr<Environment> environment) {
  return [environment = std::move(environment)](io::Executor& home, const http::Request& request) {
    return serve(environment.lock(), home, request);
  };
}

}  // namespace millstream::functions
