#pragma once

#include <string>
#include <vector>

#include "services/kinesis/api.gen.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {

// The metrics of which `wanted` asks ("ALL": all seven), in the model's order.
std::vector<std::string> named_metrics(const std::vector<std::string>& wanted);

// The answer to a change: what was enabled before it, and what is now.
api::EnhancedMonitoringOutput monitoring_output(const Stream& stream,
                                                std::vector<std::string> before,
                                                std::vector<std::string> now);

}  // namespace millstream::kinesis
