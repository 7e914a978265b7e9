#include "services/iam/operations.gen.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<aws::Empty>> delete_policy(Service& service,
                                                const aws::RequestContext& context,
                                                api::DeletePolicyRequest input) {
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<aws::Empty> {
    aws::Result<ManagedPolicy> policy = read_policy(transaction, context.account, input.policy_arn);
    if (!policy) return policy.take_error();
    if (policy->attachment_count > 0) {
      return errors::delete_conflict_exception("Cannot delete a policy attached to entities.");
    }
    if (policy->versions.size() > 1) {
      return errors::delete_conflict_exception(
          "This policy has more than one version. Before you delete a policy, you must delete the "
          "policy's versions. The default version is deleted with the policy.");
    }
    transaction.erase(policy_key(policy->account, policy->name));
    return aws::Empty{};
  };
  auto deleted = co_await service.lanes().run(context.home, service.lane_of(context.account), body);
  co_return deleted;
}

}  // namespace millstream::iam::ops
