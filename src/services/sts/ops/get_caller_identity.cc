#include "services/sts/access_key_id.h"
#include "services/sts/operations.gen.h"
#include "services/sts/service.h"

namespace millstream::sts::ops {
namespace {

// arn:aws:sts::<account>:assumed-role/<role>/<session>
std::string assumed_role_user_id(Service& service, const aws::RequestContext& context,
                                 std::string_view resource) {
  const auto session = service.sessions().find(context.access_key_id);
  if (session) return session->user_id();
  // A function's own keys aren't a session of ours.
  const size_t slash = resource.find('/');
  const std::string_view role_name = resource.substr(0, slash);
  const std::string_view name = slash == resource.npos ? "" : resource.substr(slash + 1);
  const auto role = service.roles().find_role(context.account, role_name);
  const std::string role_id = role ? role->id : derive_id("AROA", role_name);
  return role_id + ":" + std::string(name);
}

std::string user_id(Service& service, const aws::RequestContext& context) {
  constexpr std::string_view kAssumedRole = ":assumed-role/";
  const std::string_view arn = context.principal_arn;
  const size_t role = arn.find(kAssumedRole);
  if (role != arn.npos) {
    return assumed_role_user_id(service, context, arn.substr(role + kAssumedRole.size()));
  }
  if (arn.ends_with(":root")) return context.account;
  return derive_id("AIDA", arn);
}

}  // namespace

io::Task<aws::Result<api::GetCallerIdentityResponse>> get_caller_identity(
    Service& service, const aws::RequestContext& context, api::GetCallerIdentityRequest) {
  api::GetCallerIdentityResponse output;
  output.user_id = user_id(service, context);
  output.account = context.account;
  output.arn = context.principal_arn;
  co_return output;
}

}  // namespace millstream::sts::ops
