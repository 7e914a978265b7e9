#include "services/iam/operations.gen.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<aws::Empty>> untag_role(Service& service, const aws::RequestContext& context,
                                             api::UntagRoleRequest input) {
  auto change = [&input](Role& role) -> aws::Result<> {
    remove_tags(input.tag_keys, &role.tags);
    return {};
  };
  auto untagged = co_await service.change_role(context, input.role_name, change);
  co_return untagged;
}

}  // namespace millstream::iam::ops
