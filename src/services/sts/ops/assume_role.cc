#include <fmt/format.h>

#include <memory>

#include "services/iam/names.h"
#include "services/sts/operations.gen.h"
#include "services/sts/service.h"
#include "services/sts/trust.h"

namespace millstream::sts::ops {
namespace {

constexpr std::string_view kAssumedRole = ":assumed-role/";  // in the ARN of a session
constexpr int32_t kDurationSecondsDefault = 3600;
constexpr int32_t kChainedDurationSecondsMax = 3600;

aws::Result<> refuse_unsupported(const api::AssumeRoleRequest& input) {
  constexpr std::string_view kNotEnforced = "policies aren't enforced yet";
  constexpr std::string_view kNotConditional = "conditions of trust policies aren't evaluated yet";
  if (input.policy) return aws::unsupported_parameter("Policy", kNotEnforced);
  if (input.policy_arns) return aws::unsupported_parameter("PolicyArns", kNotEnforced);
  if (input.tags) return aws::unsupported_parameter("Tags", kNotEnforced);
  if (input.transitive_tag_keys) {
    return aws::unsupported_parameter("TransitiveTagKeys", kNotEnforced);
  }
  if (input.external_id) return aws::unsupported_parameter("ExternalId", kNotConditional);
  if (input.serial_number) return aws::unsupported_parameter("SerialNumber", kNotConditional);
  if (input.token_code) return aws::unsupported_parameter("TokenCode", kNotConditional);
  if (input.source_identity) return aws::unsupported_parameter("SourceIdentity", kNotConditional);
  if (input.provided_contexts) {
    return aws::unsupported_parameter("ProvidedContexts", kNotConditional);
  }
  if (input.minimum_session_token_size) {
    return aws::unsupported_parameter("MinimumSessionTokenSize", "tokens have one size");
  }
  return {};
}

aws::Error access_denied(const aws::RequestContext& context, const std::string& role_arn) {
  return {"AccessDenied", 403,
          fmt::format("User: {} is not authorized to perform: sts:AssumeRole on resource: {}",
                      context.principal_arn, role_arn)};
}

// The role whose session the caller is; "" for other callers.
std::string role_of_caller(const Service& service, const aws::RequestContext& context) {
  const size_t marker = context.principal_arn.find(kAssumedRole);
  if (marker == std::string::npos) return "";
  const std::string_view rest =
      std::string_view(context.principal_arn).substr(marker + kAssumedRole.size());
  const auto role = service.roles().find_role(context.account, rest.substr(0, rest.find('/')));
  return role ? role->arn() : "";
}

aws::Result<std::shared_ptr<const iam::Role>> find_role(const Service& service,
                                                        const aws::RequestContext& context,
                                                        const std::string& arn) {
  const auto parts = iam::parse_arn(arn);
  if (!parts || parts->kind != "role") {
    return aws::Error("ValidationError", 400, arn + " is invalid");
  }
  auto role = service.roles().find_role(parts->account, parts->name);
  if (!role || role->arn() != arn) return access_denied(context, arn);
  if (role->account != context.account &&
      !trusts(role->trust_policy, context.account, context.principal_arn,
              role_of_caller(service, context))) {
    return access_denied(context, arn);
  }
  return role;
}

aws::Result<> check_duration(const aws::RequestContext& context, const iam::Role& role,
                             int32_t seconds) {
  if (context.principal_arn.find(kAssumedRole) != std::string::npos &&
      seconds > kChainedDurationSecondsMax) {
    return aws::Error("ValidationError", 400,
                      "The requested DurationSeconds exceeds the 1 hour session limit for roles "
                      "assumed by role chaining.");
  }
  if (seconds <= role.max_session_seconds) return {};
  return aws::Error(
      "ValidationError", 400,
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
}

api::AssumeRoleResponse describe(const Session& session) {
  api::AssumeRoleResponse output;
  output.credentials.emplace();
  output.credentials->access_key_id = session.access_key_id;
  output.credentials->secret_access_key = session.secret_access_key;
  output.credentials->session_token = session.session_token;
  output.credentials->expiration = aws::Timestamp{session.expires_ms};
  output.assumed_role_user.emplace();
  output.assumed_role_user->assumed_role_id = session.user_id();
  output.assumed_role_user->arn = session.arn();
  return output;
}

}  // namespace

io::Task<aws::Result<api::AssumeRoleResponse>> assume_role(Service& service,
                                                           const aws::RequestContext& context,
                                                           api::AssumeRoleRequest input) {
  aws::Result<> checked = refuse_unsupported(input);
  if (!checked) co_return checked.take_error();
  auto role = find_role(service, context, input.role_arn);
  if (!role) co_return role.take_error();
  const int32_t seconds = input.duration_seconds.value_or(kDurationSecondsDefault);
  checked = check_duration(context, **role, seconds);
  if (!checked) co_return checked.take_error();

  Session session;
  session.account = (*role)->account;
  session.role_name = (*role)->name;
  session.role_id = (*role)->id;
  session.name = input.role_session_name;
  session.listener_label = context.listener_label;
  // Whole seconds: the answer shows no fraction.
  session.expires_ms = (context.now_ms / 1000 + seconds) * 1000;
  draw_credentials(service.random(), &session);
  Result<> added = co_await service.sessions().add(context.home, session);
  if (!added) co_return aws::Error(added.take_error());
  co_return describe(session);
}

}  // namespace millstream::sts::ops
