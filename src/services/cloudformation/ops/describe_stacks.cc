#include <algorithm>

#include "services/cloudformation/answers.h"
#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/pages.h"

namespace millstream::cloudformation::ops {
namespace {

constexpr size_t kPageSize = 100;

}  // namespace

io::Task<aws::Result<api::DescribeStacksOutput>> describe_stacks(Service& service,
                                                                 const aws::RequestContext& context,
                                                                 api::DescribeStacksInput input) {
  api::DescribeStacksOutput output;
  output.stacks.emplace();
  if (input.stack_name && !input.stack_name->empty()) {
    auto stack = co_await find_stack(service, context, *input.stack_name, AbsentStack::kWithId);
    if (!stack) co_return stack.take_error();
    output.stacks->push_back(to_stack(*stack));
    co_return output;
  }
  auto stacks = co_await service.store().stacks(context.home, context.account, context.region);
  if (!stacks) co_return aws::Error(stacks.take_error());
  std::erase_if(*stacks, [](const StackDocument& stack) { return stack.deletion_ms != 0; });
  auto page = take_page(stacks.take(), input.next_token, kPageSize,
                        [](const StackDocument& stack) { return stack_id(stack.address); });
  if (!page) co_return page.take_error();
  output.next_token = page->next_token;
  for (const StackDocument& stack : page->items) output.stacks->push_back(to_stack(stack));
  co_return output;
}

}  // namespace millstream::cloudformation::ops
