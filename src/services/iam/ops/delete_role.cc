#include "services/iam/operations.gen.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<aws::Empty>> delete_role(Service& service, const aws::RequestContext& context,
                                              api::DeleteRoleRequest input) {
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<aws::Empty> {
    aws::Result<Role> role = read_role(transaction, context.account, input.role_name);
    if (!role) return role.take_error();
    if (!role->attached.empty()) {
      return errors::delete_conflict_exception(
          "Cannot delete entity, must detach all policies first.");
    }
    if (!role->policies.empty()) {
      return errors::delete_conflict_exception("Cannot delete entity, must delete policies first.");
    }
    transaction.erase(role_key(role->account, role->name));
    return aws::Empty{};
  };
  auto deleted = co_await service.lanes().run(context.home, service.lane_of(context.account), body);
  co_return deleted;
}

}  // namespace millstream::iam::ops
