#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace millstream::functions {

// One control group: the processes put into it share a memory and a process limit. Removed with the
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
  std::vector<std::string> directories_;  // version 1: memory's, then pids'; version 2: one
  bool version_2_ = false;
};

// Where this server may make control groups: below its own group, in version 2 or 1 of the kernel's
// interface, if both the memory and the pids controller are there and may be written.
class Cgroups {
 public:
  // Looks, tries it out, and sweeps what an earlier server left. `root` is where the hierarchies
  // are mounted and `membership` the text of /proc/self/cgroup; tests give their own.
  static Cgroups find();

  [[nodiscard]] bool available() const { return !parents_.empty(); }
  // One line for people: "cgroup v2 at /sys/fs/cgroup/..." or why there is none.
  [[nodiscard]] const std::string& description() const { return description_; }

  // Thread-safe. Fails with kAlreadyExists when a group of that name is there, perhaps of processes
  // that are still dying.
  Result<Cgroup> make(const std::string& name, uint64_t memory_bytes_max,
                      uint64_t processes_max) const;

 private:
  static Cgroups try_version_2(const std::string& parent);
  static Cgroups try_version_1(const std::string& memory, const std::string& pids);
  Result<> try_out() const;
  void sweep() const;

  std::vector<std::string> parents_;
  bool version_2_ = false;
  std::string description_;
};

}  // namespace millstream::functions
