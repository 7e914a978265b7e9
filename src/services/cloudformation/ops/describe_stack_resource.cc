#include "services/cloudformation/answers.h"
#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/requests.h"

namespace millstream::cloudformation::ops {

io::Task<aws::Result<api::DescribeStackResourceOutput>> describe_stack_resource(
    Service& service, const aws::RequestContext& context, api::DescribeStackResourceInput input) {
  auto stack = co_await find_stack(service, context, input.stack_name, AbsentStack::kQuoted);
  if (!stack) co_return stack.take_error();
  auto resources = co_await service.store().resources(context.home, stack->address);
  if (!resources) co_return aws::Error(resources.take_error());
  for (const ResourceDocument& resource : *resources) {
    if (resource.name != input.logical_resource_id) continue;
    api::DescribeStackResourceOutput output;
    output.stack_resource_detail = to_resource_detail(stack->address, resource);
    co_return output;
  }
  co_return validation("Resource " + input.logical_resource_id + " does not exist for stack " +
                       stack->address.name);
}

}  // namespace millstream::cloudformation::ops
