#include <algorithm>

#include "services/cloudformation/answers.h"
#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/requests.h"

namespace millstream::cloudformation::ops {
namespace {

bool bears(const ResourceDocument& resource, const std::string& physical_id) {
  return resource.current && resource.current->id == physical_id;
}

// The stack that has the physical resource, with its resources.
struct Owner {
  StackDocument stack;
  std::vector<ResourceDocument> resources;
};
io::Task<aws::Result<Owner>> find_owner(Service& service, const aws::RequestContext& context,
                                        std::string physical_id) {
  auto stacks = co_await service.store().stacks(context.home, context.account, context.region);
  if (!stacks) co_return aws::Error(stacks.take_error());
  for (StackDocument& stack : *stacks) {
    if (stack.deletion_ms != 0) continue;
    auto resources = co_await service.store().resources(context.home, stack.address);
    if (!resources) co_return aws::Error(resources.take_error());
    const bool is_owner =
        std::any_of(resources->begin(), resources->end(),
                    [&](const ResourceDocument& resource) { return bears(resource, physical_id); });
    if (!is_owner) continue;
    Owner owner{std::move(stack), resources.take()};
    co_return owner;
  }
  co_return validation("Stack for " + physical_id + " does not exist");
}

io::Task<aws::Result<Owner>> find_named(Service& service, const aws::RequestContext& context,
                                        std::string stack_name) {
  auto stack = co_await find_stack(service, context, stack_name, AbsentStack::kWithId);
  if (!stack) co_return stack.take_error();
  auto resources = co_await service.store().resources(context.home, stack->address);
  if (!resources) co_return aws::Error(resources.take_error());
  Owner owner{stack.take(), resources.take()};
  co_return owner;
}

}  // namespace

io::Task<aws::Result<api::DescribeStackResourcesOutput>> describe_stack_resources(
    Service& service, const aws::RequestContext& context, api::DescribeStackResourcesInput input) {
  if (input.stack_name.has_value() == input.physical_resource_id.has_value()) {
    co_return validation(input.stack_name
                             ? "StackName and PhysicalResourceId can't both be specified"
                             : "Either StackName or PhysicalResourceId must be specified");
  }
  auto owner = input.stack_name ? find_named(service, context, *input.stack_name)
                                : find_owner(service, context, *input.physical_resource_id);
  auto found = co_await owner;
  if (!found) co_return found.take_error();
  api::DescribeStackResourcesOutput output;
  output.stack_resources.emplace();
  for (const ResourceDocument& resource : found->resources) {
    if (input.logical_resource_id && resource.name != *input.logical_resource_id) continue;
    output.stack_resources->push_back(to_resource(found->stack.address, resource));
  }
  if (input.logical_resource_id && output.stack_resources->empty()) {
    co_return validation("Resource " + *input.logical_resource_id + " does not exist for stack " +
                         found->stack.address.name);
  }
  co_return output;
}

}  // namespace millstream::cloudformation::ops
