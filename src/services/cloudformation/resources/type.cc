#include "services/cloudformation/resources/type.h"

#include <algorithm>
#include <array>

#include "services/cloudformation/template/json.h"

namespace millstream::cloudformation {
namespace {

// A service's answer may hold what a template held, inside its own members.
constexpr size_t kAnswerDepthMax = 2 * kDocumentDepthMax;

std::string_view handler_error_code(const aws::Error& error) {
  const std::string& type = error.type;
  const auto has = [&type](std::string_view part) { return type.find(part) != type.npos; };
  if (says_exists(error)) return "AlreadyExists";
  if (says_absent(error)) return "NotFound";
  if (has("LimitExceeded")) return "ServiceLimitExceeded";
  if (has("Throttl")) return "Throttling";
  if (has("AccessDenied")) return "AccessDenied";
  if (error.http_status >= 500 && error.http_status != 501) return "ServiceInternalError";
  return "InvalidRequest";
}

}  // namespace

io::Task<aws::Result<Value>> ServiceCaller::call(std::string service, std::string operation,
                                                 Value input) const {
  std::string json = write_json(input);
  auto answer = co_await gateway->call(*context, service, operation, std::move(json));
  if (!answer) co_return answer.take_error();
  auto output = parse_json(*answer, kAnswerDepthMax);
  if (!output)
    co_return aws::internal_failure("an unreadable answer of " + service + " " + operation);
  co_return output.take();
}

Result<> ResourceType::check(const std::string&, const Value&) const {
  return {};
}

bool says_exists(const aws::Error& error) {
  return error.type.find("AlreadyExists") != std::string::npos ||
         error.type.find("ResourceInUse") != std::string::npos ||
         error.type.find("ResourceConflict") != std::string::npos;
}

bool says_absent(const aws::Error& error) {
  return error.type.find("NotFound") != std::string::npos ||
         error.type.find("NoSuchEntity") != std::string::npos;
}

std::string handler_message(const aws::Error& error, std::string_view token) {
  std::string message = "Resource handler returned message: \"" + error.message;
  message.append("\" (RequestToken: ").append(token);
  return message.append(", HandlerErrorCode: ").append(handler_error_code(error)).append(")");
}

aws::Error not_settled(std::string_view what) {
  return {"NotStabilized", 500, std::string(what) + " did not stabilize in time"};
}

std::string text_at(const Value& value, std::initializer_list<std::string_view> path) {
  const Value* at = &value;
  for (const std::string_view name : path) {
    at = at->find(name);
    if (!at) return {};
  }
  return at->text().value_or("");
}

Value pick(const Value& properties, std::initializer_list<std::string_view> names) {
  Value picked = Value::map();
  for (const std::string_view name : names) {
    if (const Value* value = properties.find(name)) picked.set(name, *value);
  }
  return picked;
}

}  // namespace millstream::cloudformation
