#include <algorithm>

#include "services/cloudformation/answers.h"
#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/pages.h"

namespace millstream::cloudformation::ops {
namespace {

constexpr size_t kPageSize = 100;

}  // namespace

// Deleted stacks are listed, too; the newest comes first.
io::Task<aws::Result<api::ListStacksOutput>> list_stacks(Service& service,
                                                         const aws::RequestContext& context,
                                                         api::ListStacksInput input) {
  auto stacks = co_await service.store().stacks(context.home, context.account, context.region);
  if (!stacks) co_return aws::Error(stacks.take_error());
  if (input.stack_status_filter && !input.stack_status_filter->empty()) {
    const std::vector<std::string>& wanted = *input.stack_status_filter;
    std::erase_if(*stacks, [&wanted](const StackDocument& stack) {
      return std::find(wanted.begin(), wanted.end(), stack.status) == wanted.end();
    });
  }
  std::stable_sort(stacks->begin(), stacks->end(),
                   [](const StackDocument& left, const StackDocument& right) {
                     return left.creation_ms > right.creation_ms;
                   });
  auto page = take_page(stacks.take(), input.next_token, kPageSize,
                        [](const StackDocument& stack) { return stack_id(stack.address); });
  if (!page) co_return page.take_error();
  api::ListStacksOutput output;
  output.next_token = page->next_token;
  output.stack_summaries.emplace();
  for (const StackDocument& stack : page->items) {
    output.stack_summaries->push_back(to_stack_summary(stack));
  }
  co_return output;
}

}  // namespace millstream::cloudformation::ops
