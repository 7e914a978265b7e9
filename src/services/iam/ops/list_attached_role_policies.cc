#include <functional>

#include "services/iam/names.h"
#include "services/iam/operations.gen.h"
#include "services/iam/page.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<api::ListAttachedRolePoliciesResponse>> list_attached_role_policies(
    Service& service, const aws::RequestContext& context,
    api::ListAttachedRolePoliciesRequest input) {
  auto after = read_marker(input.marker);
  if (!after) co_return after.take_error();
  auto role = service.find_role(context, input.role_name);
  if (!role) co_return role.take_error();
  std::vector<std::string> arns;
  const auto& attached = (*role)->attached;
  for (auto at = attached.upper_bound(*after); at != attached.end(); ++at) {
    if (parse_arn(*at)->path.starts_with(input.path_prefix.value_or("/"))) arns.push_back(*at);
  }
  api::ListAttachedRolePoliciesResponse output;
  set_marker(cut_page(&arns, input.max_items, std::identity()), &output);
  output.attached_policies.emplace();
  for (const std::string& arn : arns) {
    api::AttachedPolicy& policy = output.attached_policies->emplace_back();
    policy.policy_name = std::string(parse_arn(arn)->name);
    policy.policy_arn = arn;
  }
  co_return output;
}

}  // namespace millstream::iam::ops
