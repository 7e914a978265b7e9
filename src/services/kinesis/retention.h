#pragma once

#include "aws/error.h"
#include "services/kinesis/quotas.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {

// Sets the stream's retention period. Fails with AWS's InvalidArgumentException for one that no
// stream may have, or one on the wrong side of what it is now.
aws::Result<> increase_retention(const Quotas& quotas, int32_t hours, Stream* stream);
aws::Result<> decrease_retention(const Quotas& quotas, int32_t hours, Stream* stream);

}  // namespace millstream::kinesis
