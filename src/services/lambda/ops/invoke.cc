#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/base64.h"
#include "services/lambda/function_name.h"
#include "services/lambda/operations.gen.h"
#include "services/lambda/service.h"

namespace millstream::lambda::ops {
namespace {

constexpr size_t kSyncPayloadBytesMax = 6u << 20;
constexpr size_t kEventPayloadBytesMax = 1u << 20;
constexpr size_t kClientContextBytesMax = 3583;

aws::Result<> check_payload(std::string* payload, bool event) {
  const size_t limit = event ? kEventPayloadBytesMax : kSyncPayloadBytesMax;
  if (payload->size() > limit) {
    return errors::request_too_large_exception(
        fmt::format("{} byte payload is too large for the {} invocation type (limit {} bytes)",
                    payload->size(), event ? "Event" : "RequestResponse", limit));
  }
  if (payload->empty()) {
    *payload = "{}";
    return {};
  }
  if (nlohmann::json::accept(*payload)) return {};
  return errors::invalid_request_content_exception(
      "Could not parse request body into json: Could not parse payload into json");
}

aws::Result<std::string> read_client_context(const std::optional<std::string>& header) {
  if (!header || header->empty()) return std::string();
  if (header->size() > kClientContextBytesMax) {
    return errors::invalid_request_content_exception(
        "Client context must be no more than 3583 bytes when base64-encoded");
  }
  auto text = base64_decode(*header);
  if (!text || !nlohmann::json::accept(*text)) {
    return errors::invalid_request_content_exception(
        "Client context must be a valid Base64-encoded "
        "JSON object.");
  }
  // One line: it travels in a header.
  return nlohmann::json::parse(*text).dump(-1, ' ', true);
}

aws::Error throttled() {
  aws::Error error = errors::too_many_requests_exception("Rate Exceeded.");
  error.members.push_back({"Reason", "\"ConcurrentInvocationLimitExceeded\""});
  error.members.push_back({"Type", "\"User\""});
  return error;
}

aws::Result<api::InvocationResponse> answer(functions::InvokeOutcome outcome,
                                            const functions::Function& function) {
  switch (outcome.status) {
    case functions::InvokeStatus::kNotFound:
      return function_not_found(function.address());
    case functions::InvokeStatus::kThrottled:
      return throttled();
    case functions::InvokeStatus::kStopped:
      return errors::service_exception("Millstream is shutting down.");
    case functions::InvokeStatus::kFailed:
      // The caller's own machine: the reason helps more than AWS's silence would.
      return errors::service_exception(outcome.failure);
    case functions::InvokeStatus::kAnswered:
      break;
  }
  api::InvocationResponse output;
  output.status_code = 200;
  output.executed_version = "$LATEST";
  output.payload = std::move(outcome.payload);
  if (!outcome.function_error.empty()) output.function_error = std::move(outcome.function_error);
  if (!outcome.log_tail.empty()) output.log_result = base64_encode(outcome.log_tail);
  return output;
}

api::InvocationResponse accepted(int32_t status) {
  api::InvocationResponse output;
  output.status_code = status;
  output.payload = "";
  return output;
}

aws::Result<> refuse_unsupported(const api::InvocationRequest& input) {
  if (input.durable_execution_name) {
    return aws::unsupported_parameter("DurableExecutionName", "it isn't built yet");
  }
  if (input.tenant_id) return aws::unsupported_parameter("TenantId", "it isn't built yet");
  return {};
}

}  // namespace

io::Task<aws::Result<api::InvocationResponse>> invoke(Service& service,
                                                      const aws::RequestContext& context,
                                                      api::InvocationRequest input) {
  auto refused = refuse_unsupported(input);
  if (!refused) co_return refused.take_error();
  auto found = find_function(service, context, input.function_name, input.qualifier);
  if (!found) co_return found.take_error();
  const std::string kind = input.invocation_type.value_or("RequestResponse");
  if (kind == "DryRun") co_return accepted(204);
  functions::Invocation invocation;
  invocation.payload = std::move(input.payload).value_or("");
  auto checked = check_payload(&invocation.payload, kind == "Event");
  if (!checked) co_return checked.take_error();
  auto client_context = read_client_context(input.client_context);
  if (!client_context) co_return client_context.take_error();
  invocation.client_context = client_context.take();
  const functions::FunctionAddress address = (*found)->address();
  invocation.account = address.account;
  invocation.region = address.region;
  invocation.function_name = address.name;
  invocation.request_id = context.request_id;
  if (kind == "Event") {
    auto queued = co_await service.functions().invoke_later(context.home, std::move(invocation));
    if (!queued) co_return aws::Error(queued.take_error());
    co_return accepted(202);
  }
  invocation.log_tail = input.log_type.value_or("None") == "Tail";
  functions::InvokeOutcome outcome =
      co_await service.functions().invoke(context.home, std::move(invocation));
  co_return answer(std::move(outcome), **found);
}

}  // namespace millstream::lambda::ops
