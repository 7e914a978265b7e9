#include "services/kinesis/access.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/policy/resource_policy.h"
#include "services/kinesis/api.gen.h"

namespace millstream::kinesis {
namespace {

using aws::policy::Decision;

// What a policy can let other accounts do; the rest is for the owner's.
constexpr std::string_view kSharedActions[] = {
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamConsumer",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:PutRecord",
    "kinesis:PutRecords",
    "kinesis:SubscribeToShard",
};

Decision decide(const aws::RequestContext& context, std::string_view arn,
                const std::string& policy) {
  const bool shared = std::find(std::begin(kSharedActions), std::end(kSharedActions),
                                context.action) != std::end(kSharedActions);
  aws::policy::PolicySyntax syntax;
  if (!shared || policy.empty() || !aws::policy::read_policy(policy, &syntax)) {
    return Decision::kNotMentioned;
  }
  return aws::policy::decide(syntax, {context.account, context.principal_arn, context.action, arn});
}

aws::Error refuse(const aws::RequestContext& context, std::string_view arn, std::string_view why) {
  return errors::access_denied_exception(
      fmt::format("User: {} is not authorized to perform: {} on resource: {} {}",
                  context.principal_arn, context.action, arn, why));
}

aws::Result<> check(const aws::RequestContext& context, std::string_view owner,
                    const std::string& arn, const std::string& policy) {
  if (owner == context.account) return {};
  switch (decide(context, arn, policy)) {
    case Decision::kAllowed:
      return {};
    case Decision::kDenied:
      return refuse(context, arn, "with an explicit deny in a resource-based policy");
    case Decision::kNotMentioned:
      break;
  }
  return access_denied(context, arn);
}

}  // namespace

aws::Result<> check_access(const aws::RequestContext& context, const Stream& stream) {
  return check(context, stream.account, stream.arn(), stream.settings.policy);
}

aws::Result<> check_access(const aws::RequestContext& context, const Consumer& consumer) {
  return check(context, consumer.account, consumer.arn(), consumer.policy);
}

aws::Error access_denied(const aws::RequestContext& context, std::string_view arn) {
  return refuse(
      context, arn,
      fmt::format("because no resource-based policy allows the {} action", context.action));
}

}  // namespace millstream::kinesis
