#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/result.h"

namespace millstream::aws {

// A failure as an AWS client sees it. Made by the factories that are generated from each service's
// model (services/<name>/api.gen.h, namespace errors: one function per exception) or by the common
// ones below; formatted for the wire in one place (aws/error_response.h). Returned, never thrown.
struct Error {
  std::string type;  // as `__type` or <Code> carries it, e.g. "ResourceNotFoundException"
  int http_status = 400;
  std::string message;
  bool sender_fault = true;  // the caller's mistake (Query: <Type>Sender</Type>)
  // A further member of the exception's shape: {"Item", "{...}"}.
  struct Member {
    std::string name;
    std::string json;
    std::string cbor =
        {};  // where it holds what JSON can't say, such as bytes; else made from `json`
  };
  std::vector<Member> members;

  Error(std::string type, int http_status, std::string message)
      : type(std::move(type)),
        http_status(http_status),
        message(std::move(message)),
        sender_fault(http_status < 500) {}
  // What fails below the AWS layer: overloaded() for kOverloaded, ServiceUnavailable (503, which
  // SDKs repeat) when it may pass (a full disk, no descriptors, a log or a state that can't be
  // written), otherwise an internal failure. Its own message is logged by the dispatcher
  // (`detail`), not shown.
  Error(millstream::Error cause);

  std::string detail;
  // The server had no room for the request. The dispatcher gives it the code that the operation has
  // for this.
  bool overload = false;
};

// The result of everything at and above this layer.
template <class T = void>
using Result = millstream::Result<T, Error>;

// Errors that every service has.
Error validation_error(std::string message);     // ValidationException, 400
Error serialization_error(std::string message);  // SerializationException, 400
Error internal_failure(std::string detail);      // InternalFailure, 500
Error overloaded();                              // ServiceUnavailable, 503, or the operation's own
Error not_implemented(std::string_view service, std::string_view operation);  // 501
// A parameter that Millstream knows but hasn't built: ValidationException that names it and points
// to docs/compatibility.md.
Error unsupported_parameter(std::string_view parameter, std::string_view why);

}  // namespace millstream::aws
