#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "base/random.h"

namespace millstream::aws {

// The ids of requests: version 4 UUIDs, no two alike from one object, and alike from two only with
// the chance of any two UUIDs. They are drawn by mixing a counter under a random start, not from
// `Random` each time: names, not secrets, are wanted, and asking OpenSSL costs a system call.
// Thread-safe.
class RequestIds {
 public:
  explicit RequestIds(Random& random) : high_(random.next_u64()), low_(random.next_u64()) {}
  std::string next();

 private:
  const uint64_t high_;
  const uint64_t low_;
  std::atomic<uint64_t> count_{0};
};

}  // namespace millstream::aws
