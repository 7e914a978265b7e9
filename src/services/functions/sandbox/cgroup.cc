#include "services/functions/sandbox/cgroup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

#include "base/unique_fd.h"

namespace millstream::functions {
namespace {

constexpr const char* kMountPoint = "/sys/fs/cgroup";
constexpr const char* kNamePrefix = "millstream-";

Result<> write_file(const std::string& path, const std::string& text) {
  const UniqueFd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.valid()) return errno_error(errno, "cannot open " + path);
  if (write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return errno_error(errno, "cannot write " + path);
  }
  return {};
}

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

uint64_t number_at(std::string_view text) {
  uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// The number behind `name` in lines of "name number".
uint64_t number_named(const std::string& text, std::string_view name) {
  std::istringstream lines(text);
  std::string word;
  uint64_t value = 0;
  while (lines >> word >> value) {
    if (word == name) return value;
  }
  return 0;
}

// This process's group in the hierarchy of `controller` ("" is version 2's), from lines like
// "4:memory:/some/group".
std::optional<std::string> own_group(const std::string& membership, std::string_view controller) {
  std::istringstream lines(membership);
  std::string line;
  while (std::getline(lines, line)) {
    const size_t first = line.find(':');
    const size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    if (controllers.find("," + std::string(controller) + ",") == std::string::npos) continue;
    const std::string path = line.substr(second + 1);
    return path == "/" ? "" : path;
  }
  return std::nullopt;
}

// Whether a group of this name was made by a process that is gone: "millstream-<process>-<number>".
bool is_left_behind(const std::string& name) {
  if (name.rfind(kNamePrefix, 0) != 0) return false;
  const auto process = static_cast<pid_t>(
      number_at(std::string_view(name).substr(std::string_view(kNamePrefix).size())));
  return process > 0 && kill(process, 0) != 0 && errno == ESRCH;
}

bool has_controller(const std::string& list, std::string_view wanted) {
  std::istringstream words(list);
  std::string word;
  while (words >> word) {
    if (word == wanted) return true;
  }
  return false;
}

bool has_both_controllers(const std::string& list) {
  return has_controller(list, "memory") && has_controller(list, "pids");
}

}  // namespace

CpuLimits cpu_limits(uint64_t memory_bytes_max) {
  constexpr double kCoreBytes = 1769.0 * (1 << 20);
  const double cores = static_cast<double>(memory_bytes_max) / kCoreBytes;
  return {std::max(cores, 0.25), std::max(cores, 1.0)};
}

Cgroup::Cgroup(Cgroup&& other) noexcept
    : directories_(std::exchange(other.directories_, {})), version_2_(other.version_2_) {}

Cgroup& Cgroup::operator=(Cgroup&& other) noexcept {
  if (this == &other) return *this;
  remove();
  directories_ = std::exchange(other.directories_, {});
  version_2_ = other.version_2_;
  return *this;
}

Cgroup::~Cgroup() {
  remove();
}

void Cgroup::remove() {
  // A group whose processes are still dying stays; Cgroups::make sweeps it later.
  for (const auto& directory : directories_) rmdir(directory.c_str());
  directories_.clear();
}

Result<> Cgroup::add(pid_t process) const {
  for (const auto& directory : directories_) {
    auto written = write_file(directory + "/cgroup.procs", std::to_string(process));
    if (!written) return written;
  }
  return {};
}

uint64_t Cgroup::memory_peak_bytes() const {
  if (!valid()) return 0;
  const char* file = version_2_ ? "/memory.peak" : "/memory.max_usage_in_bytes";
  return number_at(read_file(directories_[0] + file));
}

uint64_t Cgroup::memory_kills() const {
  if (!valid()) return 0;
  const char* file = version_2_ ? "/memory.events" : "/memory.oom_control";
  return number_named(read_file(directories_[0] + file), "oom_kill");
}

Cgroups Cgroups::find() {
  const std::string membership = read_file("/proc/self/cgroup");
  const auto unified = own_group(membership, "");
  if (unified &&
      has_both_controllers(read_file(std::string(kMountPoint) + "/cgroup.controllers"))) {
    for (const std::string& group : {*unified, std::string()}) {
      Cgroups found = try_version_2(kMountPoint + group);
      if (found.available()) return found;
    }
  }
  const auto memory = own_group(membership, "memory");
  const auto pids = own_group(membership, "pids");
  Cgroups found;
  const auto cpu = own_group(membership, "cpu");
  const auto directory = [](const char* controller, const std::string& group) {
    return std::string(kMountPoint) + controller + group;
  };
  if (memory && pids && cpu) {
    found = try_version_1(directory("/memory", *memory), directory("/pids", *pids),
                          directory("/cpu", *cpu));
  }
  if (memory && pids && !found.available()) {
    found = try_version_1(directory("/memory", *memory), directory("/pids", *pids), std::nullopt);
  }
  if (!found.available()) found.description_ = "no control group that this user may use";
  return found;
}

Cgroups Cgroups::try_version_2(const std::string& parent) {
  Cgroups candidate;
  const std::string control = parent + "/cgroup.subtree_control";
  // Fails where processes live in the group itself; children can't have controllers then.
  if (!has_both_controllers(read_file(control)) && !write_file(control, "+memory +pids")) {
    return candidate;
  }
  candidate.parents_ = {parent};
  if (has_controller(read_file(control), "cpu") || write_file(control, "+cpu")) {
    candidate.cpu_at_ = 0;
  }
  candidate.version_2_ = true;
  candidate.description_ = "cgroup v2 below " + parent;
  candidate.sweep();
  return candidate.try_out() ? candidate : Cgroups();
}

Cgroups Cgroups::try_version_1(const std::string& memory, const std::string& pids,
                               const std::optional<std::string>& cpu) {
  Cgroups candidate;
  candidate.parents_ = {memory, pids};
  candidate.pids_at_ = 1;
  if (cpu) {
    candidate.cpu_at_ = candidate.parents_.size();
    candidate.parents_.push_back(*cpu);
  }
  candidate.description_ = "cgroup v1 below " + memory;
  candidate.sweep();
  return candidate.try_out() ? candidate : Cgroups();
}

Result<> Cgroups::try_out() const {
  auto made = make(std::to_string(getpid()) + "-probe", {64u << 20, 16});
  // Another thread of this process tries it out as well.
  if (!made && made.error().code != ErrorCode::kAlreadyExists) return made.take_error();
  return {};
}

void Cgroups::sweep() const {
  for (const auto& parent : parents_) {
    std::error_code problem;
    for (const auto& entry : std::filesystem::directory_iterator(parent, problem)) {
      // Never one of a server that lives: it may have made it a moment ago, still empty. One that
      // is in use refuses to go.
      if (is_left_behind(entry.path().filename())) rmdir(entry.path().c_str());
    }
  }
}

Result<Cgroup> Cgroups::make(const std::string& name, CgroupLimits limits) const {
  Cgroup group;
  group.version_2_ = version_2_;
  for (const auto& parent : parents_) {
    const std::string directory = parent + "/" + kNamePrefix + name;
    if (mkdir(directory.c_str(), 0755) != 0) {
      return errno_error(errno, "cannot make the control group " + directory);
    }
    group.directories_.push_back(directory);
  }
  const auto& directories = group.directories_;
  auto set = limit_memory(directories.front(), limits.memory_bytes_max);
  if (!set) return set.take_error();
  set = write_file(directories[pids_at_] + "/pids.max", std::to_string(limits.processes_max));
  if (!set) return set.take_error();
  if (cpu_at_) set = limit_cpu(directories[*cpu_at_], cpu_limits(limits.memory_bytes_max));
  if (!set) return set.take_error();
  return group;
}

Result<> Cgroups::limit_memory(const std::string& directory, uint64_t bytes_max) const {
  const std::string memory = std::to_string(bytes_max + kSanitizerBytes);
  auto set =
      write_file(directory + (version_2_ ? "/memory.max" : "/memory.limit_in_bytes"), memory);
  if (!set) return set;
  // Swap must not stretch the limit. A kernel without swap accounting has no such file.
  const std::string swap =
      directory + (version_2_ ? "/memory.swap.max" : "/memory.memsw.limit_in_bytes");
  if (access(swap.c_str(), F_OK) != 0) return {};
  return write_file(swap, version_2_ ? "0" : memory);
}

Result<> Cgroups::limit_cpu(const std::string& directory, CpuLimits limits) const {
  constexpr int64_t kPeriodUs = 100'000;  // the kernel's default
  const std::string period = std::to_string(kPeriodUs);
  const std::string quota = std::to_string(std::llround(limits.cores_max * kPeriodUs));
  // What one thread outside of all groups weighs.
  const int64_t thread = version_2_ ? 100 : 1024;
  const std::string weight = std::to_string(std::llround(limits.weight * thread));
  auto set = write_file(directory + (version_2_ ? "/cpu.weight" : "/cpu.shares"), weight);
  if (!set) return set;
  if (version_2_) return write_file(directory + "/cpu.max", quota + " " + period);
  set = write_file(directory + "/cpu.cfs_period_us", period);
  if (!set) return set;
  return write_file(directory + "/cpu.cfs_quota_us", quota);
}

}  // namespace millstream::functions
