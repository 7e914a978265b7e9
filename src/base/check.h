#pragma once

namespace millstream {

// Prints what was expected and where, then aborts. Never returns.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace millstream

// Stops the process when an invariant is broken. Not for input, disks or peers: those failures are
// expected and returned (base/result.h). Active in every build.
#define CHECK(condition) \
  ((condition) ? (void)0 : ::millstream::check_failed(#condition, __FILE__, __LINE__))
