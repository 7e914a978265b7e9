#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "histogram.h"
#include "pacer.h"
#include "request.h"
#include "workload.h"

namespace millstream::bench {

struct Target {
  int port = 0;  // on 127.0.0.1
  Protocol protocol = Protocol::kHttp1;
  size_t connections = 64;
  size_t streams = 1;  // on each connection, each with one request under way; HTTP/2 only
};

struct Load {
  Pacer::Plan plan;       // its duration includes the warm-up
  int64_t warmup_us = 0;  // nothing counts before it is over
  bool keep_trace = false;
};

// One answered request of a trace; times are of the wall clock.
struct TraceEntry {
  uint64_t number;  // of the request, from 0, in the order of sending
  int64_t intended_us;
  int64_t answered_us;
};

struct Counts {
  uint64_t good = 0;
  uint64_t units = 0;  // records, items
  uint64_t body_bytes = 0;
};

// What a run gave. Counts and rates are of the measured time (after the warm-up) alone. When a
// closed loop's server is so slow that it didn't answer each connection once in that time, the
// measured time goes on to the last answer, and all answers count.
struct Measurement {
  double seconds = 0;
  Counts counts;
  uint64_t unanswered = 0;  // still under way, or never sent, a minute after the end
  uint64_t reconnects = 0;
  std::map<std::string, uint64_t> errors;  // what went wrong -> how often, at any time
  std::string first_bad;                   // the beginning of the first bad answer
  Histogram latency_us;
  double client_cpu_seconds = 0;
  std::vector<TraceEntry> trace;
};

// Runs `workload` against `target` on one thread. Every answer is checked. A connection that breaks
// counts as an error and is made again; fails only when one can't be made.
//
// Latency is from the moment when the request was meant to be sent (Pacer) to its last byte.
Result<Measurement> generate(const Target& target, const Load& load, Workload& workload);

}  // namespace millstream::bench
