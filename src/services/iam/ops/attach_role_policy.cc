#include "services/iam/operations.gen.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {
namespace {

// AWS's own policies may be attached by any name: which there are isn't known here.
aws::Result<> count_attachment(lanes::Transaction& transaction, const std::string& account,
                               const std::string& arn) {
  if (is_aws_managed(arn)) return {};
  aws::Result<ManagedPolicy> policy = read_policy(transaction, account, arn);
  if (!policy) {
    if (policy.error().http_status != 404) return policy.take_error();
    return errors::no_such_entity_exception("Policy " + arn +
                                            " does not exist or is not attachable.");
  }
  ++policy->attachment_count;
  write(transaction, *policy);
  return {};
}

}  // namespace

io::Task<aws::Result<aws::Empty>> attach_role_policy(Service& service,
                                                     const aws::RequestContext& context,
                                                     api::AttachRolePolicyRequest input) {
  aws::Result<> checked = check_policy_arn(input.policy_arn);
  if (!checked) co_return checked.take_error();
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<aws::Empty> {
    aws::Result<Role> role = read_role(transaction, context.account, input.role_name);
    if (!role) return role.take_error();
    if (role->attached.contains(input.policy_arn)) return aws::Empty{};
    aws::Result<> counted = count_attachment(transaction, context.account, input.policy_arn);
    if (!counted) return counted.take_error();
    if (role->attached.size() >= kAttachedPoliciesMax) {
      return over_quota("PoliciesPerRole", kAttachedPoliciesMax);
    }
    role->attached.insert(input.policy_arn);
    write(transaction, *role);
    return aws::Empty{};
  };
  auto attached =
      co_await service.lanes().run(context.home, service.lane_of(context.account), body);
  co_return attached;
}

}  // namespace millstream::iam::ops
