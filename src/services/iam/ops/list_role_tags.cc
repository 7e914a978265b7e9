#include <algorithm>

#include "services/iam/operations.gen.h"
#include "services/iam/page.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

// In the order of the keys.
io::Task<aws::Result<api::ListRoleTagsResponse>> list_role_tags(Service& service,
                                                                const aws::RequestContext& context,
                                                                api::ListRoleTagsRequest input) {
  auto after = read_marker(input.marker);
  if (!after) co_return after.take_error();
  auto role = service.find_role(context, input.role_name);
  if (!role) co_return role.take_error();
  api::ListRoleTagsResponse output;
  output.tags = write_tags((*role)->tags);
  std::sort(output.tags.begin(), output.tags.end(),
            [](const auto& left, const auto& right) { return left.key < right.key; });
  std::erase_if(output.tags,
                [&after](const auto& tag) { return !after->empty() && tag.key <= *after; });
  set_marker(cut_page(&output.tags, input.max_items, [](const auto& tag) { return tag.key; }),
             &output);
  co_return output;
}

}  // namespace millstream::iam::ops
