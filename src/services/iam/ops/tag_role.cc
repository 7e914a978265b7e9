#include "services/iam/operations.gen.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<aws::Empty>> tag_role(Service& service, const aws::RequestContext& context,
                                           api::TagRoleRequest input) {
  aws::Result<std::vector<Tag>> tags = read_tags(input.tags);
  if (!tags) co_return tags.take_error();
  auto change = [&tags](Role& role) { return add_tags(*tags, &role.tags); };
  auto tagged = co_await service.change_role(context, input.role_name, change);
  co_return tagged;
}

}  // namespace millstream::iam::ops
