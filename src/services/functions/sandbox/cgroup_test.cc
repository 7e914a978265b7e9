#include "services/functions/sandbox/cgroup.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace millstream::functions {
namespace {

namespace fs = std::filesystem;

// The text of a file in the directory `group`, wherever that is below the mount point.
std::string text_in(const std::string& group, const std::string& file) {
  std::error_code problem;
  for (auto at = fs::recursive_directory_iterator("/sys/fs/cgroup", problem);
       at != fs::recursive_directory_iterator(); at.increment(problem)) {
    if (at->path().filename() != group || !fs::exists(at->path() / file)) continue;
    std::stringstream text;
    text << std::ifstream(at->path() / file).rdbuf();
    return text.str();
  }
  return "";
}

TEST(CgroupTest, ShareOfTheCpuFollowsFromTheMemory) {
  EXPECT_DOUBLE_EQ(cpu_limits(1769u << 20).weight, 1);
  EXPECT_DOUBLE_EQ(cpu_limits(1769u << 20).cores_max, 1);
  EXPECT_DOUBLE_EQ(cpu_limits(uint64_t{2} * 1769 << 20).weight, 2);
  EXPECT_DOUBLE_EQ(cpu_limits(uint64_t{2} * 1769 << 20).cores_max, 2);
  EXPECT_DOUBLE_EQ(cpu_limits(128u << 20).weight, 0.25);
  EXPECT_DOUBLE_EQ(cpu_limits(128u << 20).cores_max, 1);
}

TEST(CgroupTest, LimitsMemoryProcessesAndCpuTime) {
  const Cgroups cgroups = Cgroups::find();
  if (!cgroups.available()) GTEST_SKIP() << cgroups.description();
  const std::string name = std::to_string(getpid()) + "-limits";
  const auto group = cgroups.make(name, {uint64_t{2} * 1769 << 20, 10});
  ASSERT_TRUE(group.ok()) << group.error().message;
  const std::string directory = "millstream-" + name;
  EXPECT_EQ(text_in(directory, "pids.max"), "10\n");
  const std::string memory = std::to_string((uint64_t{2} * 1769 << 20) + kSanitizerBytes) + "\n";
  const std::string memory_2 = text_in(directory, "memory.max");
  EXPECT_EQ(memory_2.empty() ? text_in(directory, "memory.limit_in_bytes") : memory_2, memory);
  if (!cgroups.limits_cpu()) return;
  if (const std::string both = text_in(directory, "cpu.max"); !both.empty()) {
    EXPECT_EQ(both, "200000 100000\n");
    EXPECT_EQ(text_in(directory, "cpu.weight"), "200\n");
  } else {
    EXPECT_EQ(text_in(directory, "cpu.cfs_quota_us"), "200000\n");
    EXPECT_EQ(text_in(directory, "cpu.shares"), "2048\n");
  }
}

}  // namespace
}  // namespace millstream::functions
