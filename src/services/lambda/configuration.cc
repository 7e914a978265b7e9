#include "services/lambda/configuration.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/time_text.h"
#include "services/functions/runtimes/runtime_catalog.h"

namespace millstream::lambda {
namespace {

constexpr int32_t kMemoryMbMax = 10'240;
constexpr int32_t kTimeoutSecondsMax = 900;
constexpr int32_t kTmpMbMax = 10'240;
constexpr size_t kEnvironmentBytesMax = 4096;

// Set by Lambda for every environment, so that a function can't choose them.
constexpr std::array<std::string_view, 19> kReservedVariables = {
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
    "AWS_LAMBDA_MAX_CONCURRENCY",
};

aws::Error invalid(std::string message) {
  return errors::invalid_parameter_value_exception(std::move(message));
}

bool is_reserved(std::string_view name) {
  for (const auto reserved : kReservedVariables) {
    if (reserved == name) return true;
  }
  return false;
}

}  // namespace

std::string lambda_time(int64_t wall_ms) {
  std::string text = iso8601_ms(wall_ms);
  text.pop_back();  // the Z
  return text + "+0000";
}

api::FunctionConfiguration describe(const functions::Function& function,
                                    const std::string& qualifier) {
  const functions::FunctionVersion& run = function.run;
  api::FunctionConfiguration out;
  out.function_name = run.name;
  out.function_arn = qualifier.empty() ? run.arn : run.arn + ":" + qualifier;
  out.runtime = run.runtime;
  out.role = run.role_arn;
  out.handler = run.handler;
  out.code_size = function.code_bytes;
  out.description = function.description;
  out.timeout = run.timeout_s;
  out.memory_size = run.memory_mb;
  out.last_modified = lambda_time(function.last_modified_ms);
  out.code_sha256 = function.code_sha256;
  out.version = "$LATEST";
  if (!run.variables.empty()) {
    api::EnvironmentResponse environment;
    environment.variables = run.variables;
    out.environment = std::move(environment);
  }
  out.tracing_config.emplace().mode = "PassThrough";
  out.revision_id = run.revision;
  out.state = "Active";
  out.last_update_status = "Successful";
  out.package_type = "Zip";
  out.architectures = std::vector<std::string>{function.architecture};
  api::EphemeralStorage storage;
  storage.size = run.tmp_mb;
  out.ephemeral_storage = storage;
  auto& snap_start = out.snap_start.emplace();
  snap_start.apply_on = "None";
  snap_start.optimization_status = "Off";
  auto& logging = out.logging_config.emplace();
  logging.log_format = "Text";
  logging.log_group = "/aws/lambda/" + run.name;
  return out;
}

aws::Result<> apply_runtime(const std::string& runtime, functions::Function* function) {
  if (!functions::find_runtime_name(runtime)) {
    return invalid(fmt::format(
        "Millstream doesn't run the runtime {}: it runs python3.8 to python3.15 and nodejs18.x to "
        "nodejs26.x (docs/compatibility.md)",
        runtime));
  }
  function->run.runtime = runtime;
  return {};
}

aws::Result<> apply_handler(const std::string& handler, functions::Function* function) {
  if (handler.empty()) {
    return invalid(
        "Runtime and Handler are mandatory parameters for functions created with "
        "deployment packages.");
  }
  function->run.handler = handler;
  return {};
}

aws::Result<> apply_memory_size(int32_t megabytes, functions::Function* function) {
  if (megabytes > kMemoryMbMax) {
    return aws::validation_error(fmt::format(
        "1 validation error detected: Value '{}' at 'memorySize' failed to satisfy constraint: "
        "Member must have value less than or equal to {}",
        megabytes, kMemoryMbMax));
  }
  function->run.memory_mb = megabytes;
  return {};
}

aws::Result<> apply_timeout(int32_t seconds, functions::Function* function) {
  if (seconds > kTimeoutSecondsMax) {
    return aws::validation_error(fmt::format(
        "1 validation error detected: Value '{}' at 'timeout' failed to satisfy constraint: Member "
        "must have value less than or equal to {}",
        seconds, kTimeoutSecondsMax));
  }
  function->run.timeout_s = seconds;
  return {};
}

aws::Result<> apply_environment(const api::Environment& environment,
                                functions::Function* function) {
  const std::map<std::string, std::string> variables =
      environment.variables.value_or(std::map<std::string, std::string>());
  size_t bytes = 2;  // as JSON text: braces, and six for quotes, colon and comma
  std::string reserved;
  for (const auto& [name, value] : variables) {
    bytes += name.size() + value.size() + 6;
    if (!is_reserved(name)) continue;
    if (!reserved.empty()) reserved += ", ";
    reserved += name;
  }
  if (!reserved.empty()) {
    return invalid(
        "Lambda was unable to configure your environment variables because the environment "
        "variables you have provided contains reserved keys that are currently not supported for "
        "modification. Reserved keys used in this request: " +
        reserved);
  }
  if (bytes > kEnvironmentBytesMax) {
    return invalid(
        fmt::format("Lambda was unable to configure your environment variables because the "
                    "environment variables you have provided exceeded the 4KB limit. String "
                    "measured: {} bytes",
                    bytes));
  }
  function->run.variables = variables;
  return {};
}

aws::Result<> apply_ephemeral_storage(const api::EphemeralStorage& storage,
                                      functions::Function* function) {
  if (storage.size > kTmpMbMax) {
    return aws::validation_error(fmt::format(
        "1 validation error detected: Value '{}' at 'ephemeralStorage.size' failed to satisfy "
        "constraint: Member must have value less than or equal to {}",
        storage.size, kTmpMbMax));
  }
  function->run.tmp_mb = storage.size;
  return {};
}

aws::Result<> apply_architectures(const std::vector<std::string>& architectures,
                                  functions::Function* function) {
  if (architectures.size() != 1) return invalid("Architectures must have exactly one element.");
  // Functions run on this machine whatever is said here; only native code would notice.
  function->architecture = architectures.front();
  return {};
}

}  // namespace millstream::lambda
