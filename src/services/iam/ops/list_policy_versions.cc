#include <algorithm>

#include "services/iam/operations.gen.h"
#include "services/iam/page.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

// Newest first.
io::Task<aws::Result<api::ListPolicyVersionsResponse>> list_policy_versions(
    Service& service, const aws::RequestContext& context, api::ListPolicyVersionsRequest input) {
  auto after = read_marker(input.marker);
  if (!after) co_return after.take_error();
  auto policy = service.find_policy(context, input.policy_arn);
  if (!policy) co_return policy.take_error();
  std::vector<PolicyVersion> versions((*policy)->versions.rbegin(), (*policy)->versions.rend());
  if (!after->empty()) {
    const auto last = std::find_if(versions.begin(), versions.end(), [&after](const auto& version) {
      return version.id() == *after;
    });
    versions.erase(versions.begin(), last == versions.end() ? last : last + 1);
  }
  api::ListPolicyVersionsResponse output;
  set_marker(cut_page(&versions, input.max_items, [](const auto& version) { return version.id(); }),
             &output);
  output.versions.emplace();
  for (const PolicyVersion& version : versions) {
    output.versions->push_back(describe_in_list(**policy, version));
  }
  co_return output;
}

}  // namespace millstream::iam::ops
