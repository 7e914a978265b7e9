#include "services/iam/operations.gen.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

// A description that isn't given stays; a session's duration that isn't given becomes the default.
io::Task<aws::Result<api::UpdateRoleResponse>> update_role(Service& service,
                                                           const aws::RequestContext& context,
                                                           api::UpdateRoleRequest input) {
  auto change = [&input](Role& role) -> aws::Result<> {
    if (input.description) role.description = input.description;
    role.max_session_seconds = input.max_session_duration.value_or(kMaxSessionSecondsDefault);
    return {};
  };
  auto updated = co_await service.change_role(context, input.role_name, change);
  if (!updated) co_return updated.take_error();
  co_return api::UpdateRoleResponse{};
}

}  // namespace millstream::iam::ops
