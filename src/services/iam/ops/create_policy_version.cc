#include "services/iam/operations.gen.h"
#include "services/iam/policy_document.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {

io::Task<aws::Result<api::CreatePolicyVersionResponse>> create_policy_version(
    Service& service, const aws::RequestContext& context, api::CreatePolicyVersionRequest input) {
  aws::Result<> checked = check_permissions_policy(input.policy_document);
  if (!checked) co_return checked.take_error();
  if (policy_size(input.policy_document) > kManagedPolicySizeMax) {
    co_return over_quota("PolicySize", kManagedPolicySizeMax);
  }
  api::CreatePolicyVersionResponse output;
  auto change = [&](ManagedPolicy& policy) -> aws::Result<> {
    if (policy.versions.size() >= kPolicyVersionsMax) {
      return errors::limit_exceeded_exception(
          "A managed policy can have up to 5 versions. Before you create a new version, you must "
          "delete an existing version.");
    }
    policy.versions.push_back({++policy.last_version, context.now_ms, input.policy_document});
    if (input.set_as_default.value_or(false)) policy.default_version = policy.last_version;
    policy.updated_ms = context.now_ms;
    output.policy_version = describe_in_list(policy, policy.versions.back());
    return {};
  };
  auto made = co_await service.change_policy(context, input.policy_arn, change);
  if (!made) co_return made.take_error();
  co_return output;
}

}  // namespace millstream::iam::ops
