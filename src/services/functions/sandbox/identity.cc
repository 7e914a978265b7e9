#include "services/functions/sandbox/identity.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "base/unique_fd.h"

namespace millstream::functions {
namespace {

Result<> write_proc(const char* path, const std::string& text) {
  UniqueFd file(open(path, O_WRONLY | O_CLOEXEC));
  if (!file.valid()) return errno_error(errno, std::string("cannot open ") + path);
  if (write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return errno_error(errno, std::string("cannot write ") + path);
  }
  return {};
}

Result<> limit(int resource, const char* name, rlim_t value) {
  rlimit current{};
  if (getrlimit(static_cast<__rlimit_resource_t>(resource), &current) == 0 &&
      current.rlim_max < value) {
    value = current.rlim_max;  // the server itself isn't allowed more
  }
  const rlimit wanted{value, value};
  if (setrlimit(static_cast<__rlimit_resource_t>(resource), &wanted) != 0) {
    return errno_error(errno, std::string("cannot set the limit ") + name);
  }
  return {};
}

Result<> drop_capabilities() {
  // Both words of the version 3 layout, all zero.
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> none{};
  if (syscall(SYS_capset, &header, none.data()) != 0) {
    return errno_error(errno, "cannot drop the capabilities");
  }
  return {};
}

// While CAP_SETPCAP is held. A process without it can't gain any capability anyway.
void drop_bounding_set() {
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability) {
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return;
  }
}

Result<> change_user(const SandboxSpec& spec) {
  // A user namespace of an unprivileged caller forbids setgroups; its groups are unmapped then.
  if (!spec.user_namespace && setgroups(0, nullptr) != 0) {
    return errno_error(errno, "cannot leave the server's groups");
  }
  if (setresgid(spec.group_id, spec.group_id, spec.group_id) != 0 ||
      setresuid(spec.user_id, spec.user_id, spec.user_id) != 0) {
    return errno_error(errno, "cannot become the sandbox's user");
  }
  return {};
}

}  // namespace

Result<> enter_user_namespace(uint32_t user_id, uint32_t group_id) {
  const std::string users = std::to_string(user_id) + " " + std::to_string(geteuid()) + " 1\n";
  const std::string groups = std::to_string(group_id) + " " + std::to_string(getegid()) + " 1\n";
  if (unshare(CLONE_NEWUSER) != 0) return errno_error(errno, "cannot make a user namespace");
  if (auto done = write_proc("/proc/self/setgroups", "deny"); !done) return done;
  if (auto done = write_proc("/proc/self/uid_map", users); !done) return done;
  return write_proc("/proc/self/gid_map", groups);
}

Result<> set_process_limits(const SandboxSpec& spec) {
  if (auto set = limit(RLIMIT_CORE, "core", 0); !set) return set;
  if (auto set = limit(RLIMIT_NOFILE, "nofile", spec.open_files_max); !set) return set;
  // Counted per user: only where the sandbox has a user of its own, or a namespace that counts.
  if (spec.isolation == IsolationMode::kNamespaces) {
    if (auto set = limit(RLIMIT_NPROC, "nproc", spec.processes_max); !set) return set;
  }
  if (auto set = limit(RLIMIT_MEMLOCK, "memlock", 64u << 10); !set) return set;
  if (spec.data_bytes_max == 0) return {};
  return limit(RLIMIT_DATA, "data", spec.data_bytes_max);
}

Result<> drop_privileges(const SandboxSpec& spec) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return errno_error(errno, "cannot set no_new_privs");
  }
  if (spec.user_id != 0) {
    drop_bounding_set();
    if (auto changed = change_user(spec); !changed) return changed;
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (auto dropped = drop_capabilities(); !dropped) return dropped;
  }
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    return errno_error(errno, "cannot forbid tracing");
  }
  return {};
}

}  // namespace millstream::functions
