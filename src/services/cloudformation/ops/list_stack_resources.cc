#include "services/cloudformation/answers.h"
#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/pages.h"

namespace millstream::cloudformation::ops {
namespace {

constexpr size_t kPageSize = 100;

}  // namespace

io::Task<aws::Result<api::ListStackResourcesOutput>> list_stack_resources(
    Service& service, const aws::RequestContext& context, api::ListStackResourcesInput input) {
  auto stack = co_await find_stack(service, context, input.stack_name, AbsentStack::kWithId);
  if (!stack) co_return stack.take_error();
  auto resources = co_await service.store().resources(context.home, stack->address);
  if (!resources) co_return aws::Error(resources.take_error());
  auto page = take_page(resources.take(), input.next_token, kPageSize,
                        [](const ResourceDocument& resource) { return resource.name; });
  if (!page) co_return page.take_error();
  api::ListStackResourcesOutput output;
  output.next_token = page->next_token;
  output.stack_resource_summaries.emplace();
  for (const ResourceDocument& resource : page->items) {
    output.stack_resource_summaries->push_back(to_resource_summary(resource));
  }
  co_return output;
}

}  // namespace millstream::cloudformation::ops
