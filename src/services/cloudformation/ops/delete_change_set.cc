#include "services/cloudformation/change_sets.h"
#include "services/cloudformation/operations.gen.h"

namespace millstream::cloudformation::ops {

// A change set that isn't there is a success.
io::Task<aws::Result<api::DeleteChangeSetOutput>> delete_change_set(
    Service& service, const aws::RequestContext& context, api::DeleteChangeSetInput input) {
  auto found = co_await find_change_set(service, context, input.change_set_name, input.stack_name);
  if (!found && found.error().type == "ChangeSetNotFound") {
    co_return api::DeleteChangeSetOutput();
  }
  if (!found) co_return found.take_error();
  if (execution_status(found->stack, found->change_set) == "EXECUTE_IN_PROGRESS") {
    co_return errors::invalid_change_set_status_exception(
        "ChangeSet [" + id_of(*found) +
        "] cannot be deleted in its current status of [EXECUTE_IN_PROGRESS]");
  }
  const StackAddress& address = found->stack.address;
  const std::string key = change_set_key(address, found->change_set.name, found->change_set.unique);
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<api::DeleteChangeSetOutput> {
    transaction.erase(key);
    return api::DeleteChangeSetOutput();
  };
  auto erased =
      co_await service.store().lanes().run(context.home, service.store().lane_of(address), body);
  co_return erased;
}

}  // namespace millstream::cloudformation::ops
