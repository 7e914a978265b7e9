#pragma once

#include <cstdint>

#include "http/server.h"

namespace millstream::server {

// What this machine can give the server.
struct Means {
  uint64_t open_files_max = 0;  // descriptors that the process may have open
  uint64_t memory_bytes = 0;    // of the machine
};

// How the server divides its means. Of the descriptors, clients get three eighths and function
// environments one; the rest is for the store (a quarter), the log's segments, and environments'
// pipes. Of the memory, an eighth is for the requests of clients, a sixteenth for those of
// environments, whatever their number.
http::ServerLimits server_limits(const Means& means);

uint64_t memory_of_this_machine();

}  // namespace millstream::server
