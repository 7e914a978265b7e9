#include "services/iam/names.h"
#include "services/iam/operations.gen.h"
#include "services/iam/policy_document.h"
#include "services/iam/service.h"

namespace millstream::iam::ops {
namespace {

aws::Result<> check(const Service& service, const aws::RequestContext& context,
                    const api::CreatePolicyRequest& input) {
  aws::Result<> checked = check_permissions_policy(input.policy_document);
  if (!checked) return checked;
  if (policy_size(input.policy_document) > kManagedPolicySizeMax) {
    return over_quota("PolicySize", kManagedPolicySizeMax);
  }
  if (service.options().aws_quotas &&
      service.catalog().policies(context.account, "").size() >= kPoliciesPerAccountMax) {
    return over_quota("PoliciesPerAccount", kPoliciesPerAccountMax);
  }
  return {};
}

aws::Result<ManagedPolicy> new_policy(Service& service, const aws::RequestContext& context,
                                      const api::CreatePolicyRequest& input) {
  ManagedPolicy policy;
  policy.account = context.account;
  policy.name = input.policy_name;
  policy.path = input.path.value_or("/");
  policy.id = draw_id("ANPA", service.random());
  policy.description = input.description;
  policy.versions.push_back({1, 0, input.policy_document});
  if (input.tags) {
    aws::Result<std::vector<Tag>> tags = read_tags(*input.tags);
    if (!tags) return tags.take_error();
    policy.tags = tags.take();
  }
  return policy;
}

}  // namespace

io::Task<aws::Result<api::CreatePolicyResponse>> create_policy(Service& service,
                                                               const aws::RequestContext& context,
                                                               api::CreatePolicyRequest input) {
  aws::Result<> checked = check(service, context, input);
  if (!checked) co_return checked.take_error();
  aws::Result<ManagedPolicy> policy = new_policy(service, context, input);
  if (!policy) co_return policy.take_error();
  const std::string key = policy_key(context.account, policy->name);
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<aws::Empty> {
    auto existing = transaction.get(key);
    if (!existing) return aws::Error(existing.take_error());
    if (*existing) {
      return errors::entity_already_exists_exception(
          "A policy called " + policy->name + " already exists. Duplicate names are not allowed.");
    }
    policy->created_ms = transaction.now_ms();
    policy->updated_ms = policy->created_ms;
    policy->versions.front().created_ms = policy->created_ms;
    write(transaction, *policy);
    return aws::Empty{};
  };
  auto made = co_await service.lanes().run(context.home, service.lane_of(context.account), body);
  if (!made) co_return made.take_error();
  api::CreatePolicyResponse output;
  output.policy = describe(*policy);
  co_return output;
}

}  // namespace millstream::iam::ops
