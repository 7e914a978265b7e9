#include "services/iam/names.h"
#include "services/iam/operations.gen.h"
#include "services/iam/policy_document.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {
namespace {

aws::Result<> check(const Service& service, const aws::RequestContext& context,
                    const api::CreateRoleRequest& input) {
  if (input.permissions_boundary) {
    return aws::unsupported_parameter("PermissionsBoundary", "policies aren't enforced yet");
  }
  aws::Result<> trusted = check_trust_policy(input.assume_role_policy_document);
  if (!trusted) return trusted;
  if (policy_size(input.assume_role_policy_document) > kTrustPolicySizeMax) {
    return over_quota("ACLSizePerRole", kTrustPolicySizeMax);
  }
  if (service.options().aws_quotas &&
      service.catalog().roles(context.account, "").size() >= kRolesPerAccountMax) {
    return over_quota("RolesPerAccount", kRolesPerAccountMax);
  }
  return {};
}

aws::Result<Role> new_role(Service& service, const aws::RequestContext& context,
                           const api::CreateRoleRequest& input) {
  Role role;
  role.account = context.account;
  role.name = input.role_name;
  role.path = input.path.value_or("/");
  role.id = draw_id("AROA", service.random());
  role.description = input.description;
  role.max_session_seconds = input.max_session_duration.value_or(kMaxSessionSecondsDefault);
  role.trust_policy = input.assume_role_policy_document;
  if (input.tags) {
    aws::Result<std::vector<Tag>> tags = read_tags(*input.tags);
    if (!tags) return tags.take_error();
    role.tags = tags.take();
  }
  return role;
}

}  // namespace

io::Task<aws::Result<api::CreateRoleResponse>> create_role(Service& service,
                                                           const aws::RequestContext& context,
                                                           api::CreateRoleRequest input) {
  aws::Result<> checked = check(service, context, input);
  if (!checked) co_return checked.take_error();
  aws::Result<Role> role = new_role(service, context, input);
  if (!role) co_return role.take_error();
  const std::string key = role_key(context.account, role->name);
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<aws::Empty> {
    auto existing = transaction.get(key);
    if (!existing) return aws::Error(existing.take_error());
    if (*existing) {
      return errors::entity_already_exists_exception("Role with name " + role->name +
                                                     " already exists.");
    }
    role->created_ms = transaction.now_ms();
    write(transaction, *role);
    return aws::Empty{};
  };
  auto made = co_await service.lanes().run(context.home, service.lane_of(context.account), body);
  if (!made) co_return made.take_error();
  api::CreateRoleResponse output;
  output.role = describe(*role);
  co_return output;
}

}  // namespace millstream::iam::ops
