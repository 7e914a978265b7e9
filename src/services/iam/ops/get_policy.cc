#include "services/iam/operations.gen.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<api::GetPolicyResponse>> get_policy(Service& service,
                                                         const aws::RequestContext& context,
                                                         api::GetPolicyRequest input) {
  auto policy = service.find_policy(context, input.policy_arn);
  if (!policy) co_return policy.take_error();
  api::GetPolicyResponse output;
  output.policy = describe(**policy);
  co_return output;
}

}  // namespace millstream::iam::ops
