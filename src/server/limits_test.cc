#include "server/limits.h"

#include <gtest/gtest.h>

namespace millstream::server {
namespace {

TEST(ServerLimits, LeaveDescriptorsForTheDisk) {
  for (const uint64_t files : {64u, 300u, 1024u, 20'000u, 1'000'000u}) {
    const http::ServerLimits limits = server_limits({files, uint64_t{8} << 30});
    const uint64_t of_requests = limits.common.connections_max + limits.confined.connections_max;
    EXPECT_LE(of_requests, files / 2) << files;
    EXPECT_GE(limits.common.connections_max, std::min<uint64_t>(10'000, files * 3 / 8)) << files;
  }
  EXPECT_EQ(server_limits({2, 0}).common.connections_max, 1u);
}

TEST(ServerLimits, BoundMemoryByTheMachinesAndTakeTheLargestRequest) {
  EXPECT_EQ(server_limits({1024, uint64_t{8} << 30}).common.bytes_max, 1u << 30);
  const http::ServerLimits small = server_limits({1024, 256u << 20});
  EXPECT_GT(small.common.bytes_max * 7 / 8, small.common.body_bytes_max);
}

}  // namespace
}  // namespace millstream::server
