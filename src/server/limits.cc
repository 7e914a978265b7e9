#include "server/limits.h"

#include <unistd.h>

#include <algorithm>

namespace millstream::server {
namespace {

// The largest request there is must find room.
constexpr uint64_t kRequestBytesMin = 128u << 20;
constexpr uint64_t kRequestBytesMax = uint64_t{4} << 30;

}  // namespace

http::ServerLimits server_limits(const Means& means) {
  http::ServerLimits limits;
  const auto part = [](size_t wanted, uint64_t possible) {
    return std::max<size_t>(1, std::min<uint64_t>(wanted, possible));
  };
  limits.common.connections_max = part(limits.common.connections_max, means.open_files_max * 3 / 8);
  limits.confined.connections_max = part(limits.confined.connections_max, means.open_files_max / 8);
  limits.common.bytes_max = std::clamp(means.memory_bytes / 8, kRequestBytesMin, kRequestBytesMax);
  limits.confined.bytes_max = limits.common.bytes_max / 2;
  return limits;
}

uint64_t memory_of_this_machine() {
  return static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) *
         static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace millstream::server
