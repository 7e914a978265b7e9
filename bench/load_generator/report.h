#pragma once

#include <string>

#include "generator.h"

namespace millstream::bench {

// The measurement as one line of JSON, for bench/load_generator.py to read.
std::string to_json(const std::string& workload, const Target& target, const Load& load,
                    const Measurement& measurement);

// A line for each entry: number, intended and answered time in microseconds since 1970. False when
// the file can't be written.
bool write_trace(const std::string& path, const std::vector<TraceEntry>& trace);

}  // namespace millstream::bench
