#include <charconv>
#include <limits>

#include "services/cloudformation/answers.h"
#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/requests.h"

namespace millstream::cloudformation::ops {
namespace {

constexpr size_t kPageSize = 100;

}  // namespace

// Newest first. The token is the sequence of the last event of the page before.
io::Task<aws::Result<api::DescribeStackEventsOutput>> describe_stack_events(
    Service& service, const aws::RequestContext& context, api::DescribeStackEventsInput input) {
  auto stack = co_await find_stack(service, context, input.stack_name, AbsentStack::kBracket);
  if (!stack) co_return stack.take_error();
  uint64_t before = std::numeric_limits<uint64_t>::max();
  if (input.next_token) {
    const char* end = input.next_token->data() + input.next_token->size();
    const auto [rest, error] = std::from_chars(input.next_token->data(), end, before);
    if (error != std::errc() || rest != end) {
      co_return validation("NextToken " + *input.next_token + " isn't valid");
    }
  }
  auto events = co_await service.store().events(context.home, stack->address, before, kPageSize);
  if (!events) co_return aws::Error(events.take_error());
  api::DescribeStackEventsOutput output;
  output.stack_events.emplace();
  for (const auto& [sequence, event] : *events) {
    output.stack_events->push_back(to_event(stack->address, event));
  }
  if (!events->empty() && events->back().first > 1) {
    output.next_token = std::to_string(events->back().first);
  }
  co_return output;
}

}  // namespace millstream::cloudformation::ops
