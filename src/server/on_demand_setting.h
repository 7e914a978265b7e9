#pragma once

#include <string_view>

#include "base/result.h"
#include "services/kinesis/on_demand.h"

namespace millstream::server {

// Reads "split-above-percent=50,quiet-ms=600000" into `settings`; what isn't named stays. Fails
// with kInvalidArgument, in one sentence, on another name and on a number that makes no sense.
Result<> read_on_demand(std::string_view text, kinesis::OnDemandSettings* settings);

}  // namespace millstream::server
