#include "services/iam/operations.gen.h"
#include "services/iam/page.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<api::ListRolesResponse>> list_roles(Service& service,
                                                         const aws::RequestContext& context,
                                                         api::ListRolesRequest input) {
  auto after = read_marker(input.marker);
  if (!after) co_return after.take_error();
  auto roles = service.catalog().roles(context.account, *after);
  std::erase_if(roles, [&input](const auto& role) {
    return !role->path.starts_with(input.path_prefix.value_or("/"));
  });
  api::ListRolesResponse output;
  set_marker(cut_page(&roles, input.max_items, [](const auto& role) { return role->name; }),
             &output);
  for (const auto& role : roles) output.roles.push_back(describe_in_list(*role));
  co_return output;
}

}  // namespace millstream::iam::ops
