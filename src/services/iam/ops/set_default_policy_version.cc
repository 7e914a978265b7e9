#include "services/iam/operations.gen.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<aws::Empty>> set_default_policy_version(
    Service& service, const aws::RequestContext& context,
    api::SetDefaultPolicyVersionRequest input) {
  auto change = [&](ManagedPolicy& policy) -> aws::Result<> {
    const PolicyVersion* version = policy.find_version(input.version_id);
    if (!version) return no_such_version(input.policy_arn, input.version_id);
    policy.default_version = version->number;
    policy.updated_ms = context.now_ms;
    return {};
  };
  auto set = co_await service.change_policy(context, input.policy_arn, change);
  co_return set;
}

}  // namespace millstream::iam::ops
