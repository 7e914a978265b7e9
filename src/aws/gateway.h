#pragma once

#include <string>

#include "aws/error.h"
#include "aws/failure_log.h"
#include "aws/request_context.h"
#include "io/task.h"

namespace millstream::aws {

class ServiceRegistry;

// Calls an operation of another service inside this process, by name, without a compile-time
// dependency on it: CloudFormation makes a stream this way. The input is the operation's input as
// one JSON object with the model's member names, whatever protocol the service speaks outside; the
// answer is its output in the same form ("{}" when it has none). Blobs are base64, timestamps are
// seconds. Reading (hand-tuned entries included), validation and errors are the same as over HTTP;
// there is no signature and no second policy check: the call acts as `context` says.
//
//   auto made = co_await gateway.call(context, "kinesis", "CreateStream", std::move(json));
class Gateway {
 public:
  virtual ~Gateway() = default;

  // `service` is the botocore folder name ("kinesis", "lambda", "logs"), `operation` the modelled
  // name. Starts and ends on context.home. Fails with the operation's error; with `not_implemented`
  // when Millstream hasn't built it; with an internal failure when there is no such name. Causes of
  // internal failures are logged here, as the dispatcher does for calls from outside.
  virtual io::Task<Result<std::string>> call(const RequestContext& context, std::string service,
                                             std::string operation, std::string json) = 0;
};

// The gateway to what is registered. What it is given outlives it; `registry` may be filled later
// than this is made, but before the first call.
class RegistryGateway final : public Gateway {
 public:
  RegistryGateway(const ServiceRegistry& registry, FailureLog& failures)
      : registry_(registry), failures_(failures) {}
  io::Task<Result<std::string>> call(const RequestContext& context, std::string service,
                                     std::string operation, std::string json) override;

 private:
  const ServiceRegistry& registry_;
  FailureLog& failures_;
};

}  // namespace millstream::aws
