#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace millstream::functions {

// Allowed beyond each group's memory: what a sanitizer takes in a sandbox's maker, else nothing.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr uint64_t kSanitizerBytes = 512u << 20;
#else
inline constexpr uint64_t kSanitizerBytes = 0;
#endif

// What the processes of one control group may use together.
struct CgroupLimits {
  uint64_t memory_bytes_max = 0;
  uint64_t processes_max = 0;
};

// CPU time follows from the memory as on AWS, where 1,769 MB stand for one core. A group weighs as
// many threads of the server as that makes cores, where they compete, and a quarter of one at
// least; it gets that many cores at most, and one at least: a small function that is alone isn't
// slowed down.
struct CpuLimits {
  double weight = 1;
  double cores_max = 1;
};
CpuLimits cpu_limits(uint64_t memory_bytes_max);

// One control group: the processes put into it share their limits. Removed with the
// object, once its processes are gone (Cgroups sweeps what couldn't be removed yet). Not
// synchronised.
class Cgroup {
 public:
  Cgroup() = default;  // none: limits nothing, measures nothing
  Cgroup(Cgroup&& other) noexcept;
  Cgroup& operator=(Cgroup&& other) noexcept;
  ~Cgroup();

  [[nodiscard]] bool valid() const { return !directories_.empty(); }
  Result<> add(pid_t process) const;
  // The most memory that was ever in use, 0 if the kernel doesn't tell.
  [[nodiscard]] uint64_t memory_peak_bytes() const;
  // How many processes the kernel killed because the memory limit was reached.
  [[nodiscard]] uint64_t memory_kills() const;

 private:
  friend class Cgroups;
  void remove();
  std::vector<std::string> directories_;  // one for each of Cgroups' parents
  bool version_2_ = false;
};

// Where this server may make control groups: below its own group, in version 2 or 1 of the kernel's
// interface, if both the memory and the pids controller are there and may be written. The cpu
// controller is used where it is there as well.
class Cgroups {
 public:
  // Looks, tries it out, and sweeps what an earlier server left.
  static Cgroups find();

  [[nodiscard]] bool available() const { return !parents_.empty(); }
  // One line for people: "cgroup v2 at /sys/fs/cgroup/..." or why there is none.
  [[nodiscard]] const std::string& description() const { return description_; }
  [[nodiscard]] bool limits_cpu() const { return cpu_at_.has_value(); }

  // Thread-safe. Fails with kAlreadyExists when a group of that name is there, perhaps of processes
  // that are still dying.
  Result<Cgroup> make(const std::string& name, CgroupLimits limits) const;

 private:
  static Cgroups try_version_2(const std::string& parent);
  static Cgroups try_version_1(const std::string& memory, const std::string& pids,
                               const std::optional<std::string>& cpu);
  Result<> try_out() const;
  void sweep() const;
  Result<> limit_memory(const std::string& directory, uint64_t bytes_max) const;
  Result<> limit_cpu(const std::string& directory, CpuLimits limits) const;

  std::vector<std::string> parents_;  // memory's first; in version 2 one is all of them
  size_t pids_at_ = 0;                // in parents_
  std::optional<size_t> cpu_at_;      // in parents_
  bool version_2_ = false;
  std::string description_;
};

}  // namespace millstream::functions
