#include "services/iam/operations.gen.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<api::GetPolicyVersionResponse>> get_policy_version(
    Service& service, const aws::RequestContext& context, api::GetPolicyVersionRequest input) {
  auto policy = service.find_policy(context, input.policy_arn);
  if (!policy) co_return policy.take_error();
  const PolicyVersion* version = (*policy)->find_version(input.version_id);
  if (!version) co_return no_such_version(input.policy_arn, input.version_id);
  api::GetPolicyVersionResponse output;
  output.policy_version = describe(**policy, *version);
  co_return output;
}

}  // namespace millstream::iam::ops
