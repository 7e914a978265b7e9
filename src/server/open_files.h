#pragma once

#include <cstdint>

#include "base/result.h"

namespace millstream::server {

// Lets this process open as many files as the system allows it: raises the soft limit on
// descriptors (often 1024) to the hard one, and gives that. The log's segments, the state's tables,
// connections and function environments all share them. Sandboxes set limits of their own.
Result<uint64_t> raise_open_files_limit();

}  // namespace millstream::server
