#include <algorithm>

#include "services/cloudformation/answers.h"
#include "services/cloudformation/change_sets.h"
#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/pages.h"

namespace millstream::cloudformation::ops {
namespace {

constexpr size_t kPageSize = 100;

}  // namespace

io::Task<aws::Result<api::ListChangeSetsOutput>> list_change_sets(
    Service& service, const aws::RequestContext& context, api::ListChangeSetsInput input) {
  auto stack = co_await find_stack(service, context, input.stack_name, AbsentStack::kBracket);
  if (!stack) co_return stack.take_error();
  auto change_sets = co_await service.store().change_sets(context.home, stack->address);
  if (!change_sets) co_return aws::Error(change_sets.take_error());
  auto page = take_page(change_sets.take(), input.next_token, kPageSize,
                        [](const ChangeSetDocument& document) { return document.unique; });
  if (!page) co_return page.take_error();
  api::ListChangeSetsOutput output;
  output.next_token = page->next_token;
  output.summaries.emplace();
  for (const ChangeSetDocument& document : page->items) {
    api::ChangeSetSummary summary;
    summary.stack_id = stack_id(stack->address);
    summary.stack_name = stack->address.name;
    summary.change_set_id = change_set_id(stack->address, document.name, document.unique);
    summary.change_set_name = document.name;
    summary.execution_status = execution_status(*stack, document);
    summary.status = document.status;
    summary.status_reason = unless_empty(document.status_reason);
    summary.creation_time = aws::Timestamp{document.creation_ms};
    summary.description = unless_empty(document.description);
    summary.include_nested_stacks = false;
    output.summaries->push_back(std::move(summary));
  }
  co_return output;
}

}  // namespace millstream::cloudformation::ops
