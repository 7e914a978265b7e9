#include "services/iam/operations.gen.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<api::GetRoleResponse>> get_role(Service& service,
                                                     const aws::RequestContext& context,
                                                     api::GetRoleRequest input) {
  auto role = service.find_role(context, input.role_name);
  if (!role) co_return role.take_error();
  api::GetRoleResponse output;
  output.role = describe(**role);
  co_return output;
}

}  // namespace millstream::iam::ops
