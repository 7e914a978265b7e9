#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/service.h"

namespace millstream::dynamodb::ops {

// The server's own address, as the client reached it.
io::Task<aws::Result<api::DescribeEndpointsResponse>> describe_endpoints(
    Service&, const aws::RequestContext& context, api::DescribeEndpointsRequest) {
  constexpr int64_t kCacheMinutes = 1440;
  api::Endpoint endpoint;
  endpoint.address = context.host;
  endpoint.cache_period_in_minutes = kCacheMinutes;
  api::DescribeEndpointsResponse output;
  output.endpoints.push_back(std::move(endpoint));
  co_return output;
}

}  // namespace millstream::dynamodb::ops
