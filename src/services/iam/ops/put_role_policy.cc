#include <fmt/format.h>

#include "services/iam/operations.gen.h"
#include "services/iam/policy_document.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {
namespace {

size_t inline_size(const Role& role) {
  size_t size = 0;
  for (const auto& [name, document] : role.policies) size += policy_size(document);
  return size;
}

}  // namespace

io::Task<aws::Result<aws::Empty>> put_role_policy(Service& service,
                                                  const aws::RequestContext& context,
                                                  api::PutRolePolicyRequest input) {
  aws::Result<> checked = check_permissions_policy(input.policy_document);
  if (!checked) co_return checked.take_error();
  auto change = [&input](Role& role) -> aws::Result<> {
    role.policies[input.policy_name] = input.policy_document;
    if (inline_size(role) <= kInlinePoliciesSizeMax) return {};
    return errors::limit_exceeded_exception(fmt::format(
        "Maximum policy size of {} bytes exceeded for role {}", kInlinePoliciesSizeMax, role.name));
  };
  auto put = co_await service.change_role(context, input.role_name, change);
  co_return put;
}

}  // namespace millstream::iam::ops
