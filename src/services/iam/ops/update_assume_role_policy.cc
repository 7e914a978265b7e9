#include "services/iam/operations.gen.h"
#include "services/iam/policy_document.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<aws::Empty>> update_assume_role_policy(
    Service& service, const aws::RequestContext& context,
    api::UpdateAssumeRolePolicyRequest input) {
  aws::Result<> checked = check_trust_policy(input.policy_document);
  if (!checked) co_return checked.take_error();
  if (policy_size(input.policy_document) > kTrustPolicySizeMax) {
    co_return over_quota("ACLSizePerRole", kTrustPolicySizeMax);
  }
  auto change = [&input](Role& role) -> aws::Result<> {
    role.trust_policy = input.policy_document;
    return {};
  };
  auto updated = co_await service.change_role(context, input.role_name, change);
  co_return updated;
}

}  // namespace millstream::iam::ops
