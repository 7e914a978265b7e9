#include "services/iam/operations.gen.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<aws::Empty>> detach_role_policy(Service& service,
                                                     const aws::RequestContext& context,
                                                     api::DetachRolePolicyRequest input) {
  aws::Result<> checked = check_policy_arn(input.policy_arn);
  if (!checked) co_return checked.take_error();
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<aws::Empty> {
    aws::Result<Role> role = read_role(transaction, context.account, input.role_name);
    if (!role) return role.take_error();
    if (role->attached.erase(input.policy_arn) == 0) return no_such_policy(input.policy_arn);
    write(transaction, *role);
    if (is_aws_managed(input.policy_arn)) return aws::Empty{};
    aws::Result<ManagedPolicy> policy = read_policy(transaction, context.account, input.policy_arn);
    if (!policy) return policy.take_error();
    --policy->attachment_count;
    write(transaction, *policy);
    return aws::Empty{};
  };
  auto detached =
      co_await service.lanes().run(context.home, service.lane_of(context.account), body);
  co_return detached;
}

}  // namespace millstream::iam::ops
