#include "aws/canonical_uri.h"
#include "services/iam/operations.gen.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<api::GetRolePolicyResponse>> get_role_policy(
    Service& service, const aws::RequestContext& context, api::GetRolePolicyRequest input) {
  auto role = service.find_role(context, input.role_name);
  if (!role) co_return role.take_error();
  const auto found = (*role)->policies.find(input.policy_name);
  if (found == (*role)->policies.end()) co_return no_such_role_policy(input.policy_name);
  api::GetRolePolicyResponse output;
  output.role_name = (*role)->name;
  output.policy_name = found->first;
  aws::append_uri_encoded(found->second, false, &output.policy_document);
  co_return output;
}

}  // namespace millstream::iam::ops
