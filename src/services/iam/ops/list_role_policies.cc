#include <functional>

#include "services/iam/operations.gen.h"
#include "services/iam/page.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<api::ListRolePoliciesResponse>> list_role_policies(
    Service& service, const aws::RequestContext& context, api::ListRolePoliciesRequest input) {
  auto after = read_marker(input.marker);
  if (!after) co_return after.take_error();
  auto role = service.find_role(context, input.role_name);
  if (!role) co_return role.take_error();
  api::ListRolePoliciesResponse output;
  const auto& policies = (*role)->policies;
  for (auto at = policies.upper_bound(*after); at != policies.end(); ++at) {
    output.policy_names.push_back(at->first);
  }
  set_marker(cut_page(&output.policy_names, input.max_items, std::identity()), &output);
  co_return output;
}

}  // namespace millstream::iam::ops
