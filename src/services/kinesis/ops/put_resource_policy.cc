#include <fmt/format.h>

#include "aws/policy/resource_policy.h"
#include "services/kinesis/limits.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/resource.h"

namespace millstream::kinesis::ops {
namespace {

aws::Result<> check(const std::string& policy) {
  if (policy.size() > kResourcePolicyBytesMax) {
    return errors::limit_exceeded_exception(fmt::format(
        "The resource policy has {} bytes; at most {}.", policy.size(), kResourcePolicyBytesMax));
  }
  const auto complaint = aws::policy::complaint_about_resource_policy(policy);
  if (!complaint) return {};
  return errors::invalid_argument_exception("The resource policy is not valid: " + *complaint);
}

}  // namespace

io::Task<aws::Result<aws::Empty>> put_resource_policy(Service& service,
                                                      const aws::RequestContext& context,
                                                      api::PutResourcePolicyInput input) {
  auto resource = find_resource(service, context, input.resource_arn);
  if (!resource) co_return resource.take_error();
  aws::Result<> checked = check(input.policy);
  if (!checked) co_return checked.take_error();
  const auto change = [&](ResourceParts parts) -> aws::Result<> {
    parts.policy = input.policy;
    return {};
  };
  aws::Result<> done = co_await change_resource(service, context, resource.take(), change);
  if (!done) co_return done.take_error();
  co_return aws::Empty{};
}

}  // namespace millstream::kinesis::ops
