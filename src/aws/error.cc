#include "aws/error.h"

namespace millstream::aws {

namespace {

constexpr std::string_view kCompatibilityPage = "docs/compatibility.md";

bool may_pass(ErrorCode code) {
  return code == ErrorCode::kNoSpace || code == ErrorCode::kNoResources ||
         code == ErrorCode::kUnavailable;
}

Error from_below(millstream::Error cause) {
  if (cause.code == ErrorCode::kOverloaded) return overloaded();
  if (!may_pass(cause.code)) return internal_failure(std::move(cause.message));
  Error error("ServiceUnavailable", 503,
              "The request has failed due to a temporary failure of the server.");
  error.detail = std::move(cause.message);
  return error;
}

}  // namespace

Error::Error(millstream::Error cause) : Error(from_below(std::move(cause))) {}

Error validation_error(std::string message) {
  return {"ValidationException", 400, std::move(message)};
}

Error serialization_error(std::string message) {
  return {"SerializationException", 400, std::move(message)};
}

Error internal_failure(std::string detail) {
  Error error(
      "InternalFailure", 500,
      "The request processing has failed because of an unknown error, exception or failure.");
  error.detail = std::move(detail);
  return error;
}

Error overloaded() {
  Error error("ServiceUnavailable", 503,
              "The server has more to do than it has room for. Try again in a moment.");
  error.overload = true;
  return error;
}

Error not_implemented(std::string_view service, std::string_view operation) {
  std::string message = "Millstream doesn't implement the operation ";
  message.append(operation).append(" of ").append(service).append(" yet. See ");
  return {"NotImplementedException", 501, message.append(kCompatibilityPage).append(".")};
}

Error unsupported_parameter(std::string_view parameter, std::string_view why) {
  std::string message = "Millstream doesn't support ";
  message.append(parameter);
  if (!why.empty()) message.append(": ").append(why);
  return {
      "ValidationException", 400,
      message.append(message.ends_with('.') ? " See " : ". See ").append(kCompatibilityPage) + "."};
}

}  // namespace millstream::aws
