#pragma once

#include <compare>
#include <cstdint>

namespace millstream::aws {

// A point in time as the service models know it: milliseconds since 1970-01-01 UTC. How it is
// written on the wire (seconds with a fraction, ISO 8601, RFC 822) is the member's, not the
// value's.
struct Timestamp {
  int64_t ms = 0;
  auto operator<=>(const Timestamp&) const = default;
};

// The input or output of an operation that has none.
struct Empty {};

}  // namespace millstream::aws
