#include "services/iam/operations.gen.h"
#include "services/iam/page.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

// The customer's own policies: those are all that are kept, so the scope All is the same as Local.
io::Task<aws::Result<api::ListPoliciesResponse>> list_policies(Service& service,
                                                               const aws::RequestContext& context,
                                                               api::ListPoliciesRequest input) {
  if (input.scope == "AWS") {
    co_return aws::unsupported_parameter("Scope", "AWS's own policies aren't kept here");
  }
  if (input.policy_usage_filter) {
    co_return aws::unsupported_parameter("PolicyUsageFilter", "policies aren't enforced yet");
  }
  auto after = read_marker(input.marker);
  if (!after) co_return after.take_error();
  auto policies = service.catalog().policies(context.account, *after);
  const bool only_attached = input.only_attached.value_or(false);
  std::erase_if(policies, [&input, only_attached](const auto& policy) {
    return !policy->path.starts_with(input.path_prefix.value_or("/")) ||
           (only_attached && policy->attachment_count == 0);
  });
  api::ListPoliciesResponse output;
  set_marker(cut_page(&policies, input.max_items, [](const auto& policy) { return policy->name; }),
             &output);
  output.policies.emplace();
  for (const auto& policy : policies) output.policies->push_back(describe_in_list(*policy));
  co_return output;
}

}  // namespace millstream::iam::ops
