#pragma once

#include <string>
#include <vector>

#include "server/top/metrics_reading.h"

namespace millstream::server {

// What `millstream top` shows of the time between two readings, `seconds` apart: the server as a
// whole, its triggers, and its busiest operations. Lines without an end; none is cut.
std::vector<std::string> top_screen(const MetricsReading& before, const MetricsReading& now,
                                    double seconds);

}  // namespace millstream::server
