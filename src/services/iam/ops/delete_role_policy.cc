#include "services/iam/operations.gen.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<aws::Empty>> delete_role_policy(Service& service,
                                                     const aws::RequestContext& context,
                                                     api::DeleteRolePolicyRequest input) {
  auto change = [&input](Role& role) -> aws::Result<> {
    if (role.policies.erase(input.policy_name) == 0) return no_such_role_policy(input.policy_name);
    return {};
  };
  auto deleted = co_await service.change_role(context, input.role_name, change);
  co_return deleted;
}

}  // namespace millstream::iam::ops
