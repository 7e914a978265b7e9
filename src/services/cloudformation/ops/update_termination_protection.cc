#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/requests.h"

namespace millstream::cloudformation::ops {

io::Task<aws::Result<api::UpdateTerminationProtectionOutput>> update_termination_protection(
    Service& service, const aws::RequestContext& context,
    api::UpdateTerminationProtectionInput input) {
  auto found = co_await find_stack(service, context, input.stack_name, AbsentStack::kBracket);
  if (!found) co_return found.take_error();
  const StackAddress address = found->address;
  auto body =
      [&](lanes::Transaction& transaction) -> aws::Result<api::UpdateTerminationProtectionOutput> {
    auto stack = load_stack(transaction, address);
    if (!stack) return aws::Error(stack.take_error());
    if (!*stack || (*stack)->deletion_ms != 0) {
      return validation("Stack [" + address.name + "] does not exist");
    }
    (*stack)->termination_protection = input.enable_termination_protection;
    store_stack(transaction, **stack, {});
    return api::UpdateTerminationProtectionOutput{.stack_id = stack_id(address)};
  };
  auto updated =
      co_await service.store().lanes().run(context.home, service.store().lane_of(address), body);
  co_return updated;
}

}  // namespace millstream::cloudformation::ops
