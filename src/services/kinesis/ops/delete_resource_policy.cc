#include "services/kinesis/operations.gen.h"
#include "services/kinesis/resource.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<aws::Empty>> delete_resource_policy(Service& service,
                                                         const aws::RequestContext& context,
                                                         api::DeleteResourcePolicyInput input) {
  auto resource = find_resource(service, context, input.resource_arn);
  if (!resource) co_return resource.take_error();
  const auto change = [&](ResourceParts parts) -> aws::Result<> {
    if (parts.policy.empty()) return no_resource_policy(input.resource_arn);
    parts.policy.clear();
    return {};
  };
  aws::Result<> done = co_await change_resource(service, context, resource.take(), change);
  if (!done) co_return done.take_error();
  co_return aws::Empty{};
}

}  // namespace millstream::kinesis::ops
