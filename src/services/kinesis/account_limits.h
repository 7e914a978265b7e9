#pragma once

#include <cstddef>

#include "aws/error.h"
#include "aws/request_context.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis {

// Whether an account may have so much more in a region. They fail with AWS's
// LimitExceededException. Requests that come at the same moment are each judged by what was there
// before both.

// `more` open shards in the stream's region.
aws::Result<> check_room_for_shards(Service& service, const Stream& stream, size_t more);
aws::Result<> check_on_demand_limit(Service& service, const aws::RequestContext& context);
aws::Result<> check_creating_limit(Service& service, const aws::RequestContext& context);

// Whether a stream may have that warm throughput: the account has to have committed itself to a
// minimum throughput. Fails with InvalidArgumentException or LimitExceededException.
aws::Result<> check_warm_throughput(Service& service, const aws::RequestContext& context,
                                    bool on_demand, int32_t mibps);

}  // namespace millstream::kinesis
