#include "services/kinesis/operations.gen.h"
#include "services/kinesis/resource.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<api::GetResourcePolicyOutput>> get_resource_policy(
    Service& service, const aws::RequestContext& context, api::GetResourcePolicyInput input) {
  auto resource = find_resource(service, context, input.resource_arn);
  if (!resource) co_return resource.take_error();
  api::GetResourcePolicyOutput output;
  output.policy = resource->stream ? resource->stream->settings.policy : resource->consumer->policy;
  if (output.policy.empty()) co_return no_resource_policy(input.resource_arn);
  co_return output;
}

}  // namespace millstream::kinesis::ops
