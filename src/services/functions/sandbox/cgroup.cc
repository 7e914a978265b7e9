#include "services/functions/sandbox/cgroup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
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

bool has_both_controllers(const std::string& list) {
  return list.find("memory") != std::string::npos && list.find("pids") != std::string::npos;
}

}  // namespace

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
  if (memory && pids) {
    found = try_version_1(std::string(kMountPoint) + "/memory" + *memory,
                          std::string(kMountPoint) + "/pids" + *pids);
  }
  if (!found.available()) {
    found.description_ = "no control group that this user may use: limits are per process (rlimit)";
  }
  return found;
}

Cgroups Cgroups::try_version_2(const std::string& parent) {
  Cgroups candidate;
  // Fails where processes live in the group itself; children can't have controllers then.
  if (!has_both_controllers(read_file(parent + "/cgroup.subtree_control")) &&
      !write_file(parent + "/cgroup.subtree_control", "+memory +pids")) {
    return candidate;
  }
  candidate.parents_ = {parent};
  candidate.version_2_ = true;
  candidate.description_ = "cgroup v2 below " + parent;
  candidate.sweep();
  return candidate.try_out() ? candidate : Cgroups();
}

Cgroups Cgroups::try_version_1(const std::string& memory, const std::string& pids) {
  Cgroups candidate;
  candidate.parents_ = {memory, pids};
  candidate.description_ = "cgroup v1 below " + memory;
  candidate.sweep();
  return candidate.try_out() ? candidate : Cgroups();
}

Result<> Cgroups::try_out() const {
  auto made = make(std::to_string(getpid()) + "-probe", 64u << 20, 16);
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

Result<Cgroup> Cgroups::make(const std::string& name, uint64_t memory_bytes_max,
                             uint64_t processes_max) const {
  Cgroup group;
  group.version_2_ = version_2_;
  for (const auto& parent : parents_) {
    const std::string directory = parent + "/" + kNamePrefix + name;
    if (mkdir(directory.c_str(), 0755) != 0) {
      return errno_error(errno, "cannot make the control group " + directory);
    }
    group.directories_.push_back(directory);
  }
  const std::string memory = std::to_string(memory_bytes_max);
  const std::string& memory_directory = group.directories_.front();
  const std::string& pids_directory = group.directories_.back();
  auto set = write_file(memory_directory + (version_2_ ? "/memory.max" : "/memory.limit_in_bytes"),
                        memory);
  if (!set) return set.take_error();
  // Swap must not stretch the limit. A kernel without swap accounting has no such file.
  const std::string swap =
      memory_directory + (version_2_ ? "/memory.swap.max" : "/memory.memsw.limit_in_bytes");
  if (access(swap.c_str(), F_OK) == 0) {
    if (auto done = write_file(swap, version_2_ ? "0" : memory); !done) return done.take_error();
  }
  set = write_file(pids_directory + "/pids.max", std::to_string(processes_max));
  if (!set) return set.take_error();
  return group;
}

}  // namespace millstream::functions
