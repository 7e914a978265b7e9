#pragma once

#include <memory>

#include "workload.h"

namespace millstream::bench {

// Workloads without a signature: what a web server or a Redis answers.

// A GET of `path`; a good answer contains `expected`.
std::unique_ptr<Workload> get_path(const WorkloadOptions& options, const char* path,
                                   const char* expected);
// SET and GET of `items` keys with values of 1,024 bytes; INCR of one key. What redis_get reads is
// what redis_set wrote.
std::unique_ptr<Workload> redis_set(const WorkloadOptions& options);
std::unique_ptr<Workload> redis_get(const WorkloadOptions& options);
std::unique_ptr<Workload> redis_incr(const WorkloadOptions& options);

}  // namespace millstream::bench
