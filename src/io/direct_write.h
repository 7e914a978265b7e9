#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace millstream::io {

// Writes that go from memory straight to the disk, past the system's page cache (O_DIRECT).

// Makes all writes to the open file such ones, if its file system takes them in sectors of 512
// bytes (Linux 6.1 and later can tell). Returns whether it did; else the file is as before.
bool begin_direct_writes(int fd);

// Writes the pieces one after the other. Offset and sum are of whole sectors. May write a part
// before it fails; errno tells why.
[[nodiscard]] bool write_directly(int fd, uint64_t offset,
                                  const std::vector<std::string_view>& pieces);

}  // namespace millstream::io
