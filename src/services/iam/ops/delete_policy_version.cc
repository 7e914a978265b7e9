#include "services/iam/operations.gen.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<aws::Empty>> delete_policy_version(Service& service,
                                                        const aws::RequestContext& context,
                                                        api::DeletePolicyVersionRequest input) {
  auto change = [&input](ManagedPolicy& policy) -> aws::Result<> {
    const PolicyVersion* version = policy.find_version(input.version_id);
    if (!version) return no_such_version(input.policy_arn, input.version_id);
    if (version->number == policy.default_version) {
      return errors::delete_conflict_exception("Cannot delete the default version of a policy.");
    }
    policy.versions.erase(policy.versions.begin() + (version - policy.versions.data()));
    return {};
  };
  auto deleted = co_await service.change_policy(context, input.policy_arn, change);
  co_return deleted;
}

}  // namespace millstream::iam::ops
