#pragma once

#include "base/result.h"
#include "base/unique_fd.h"

namespace millstream::bench {

// A connection to 127.0.0.1 that never blocks, without Nagle's delay.
Result<UniqueFd> connect_to(int port);

}  // namespace millstream::bench
