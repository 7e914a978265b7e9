#include "services/functions/sandbox/root.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <string>

#include "base/unique_fd.h"

namespace millstream::functions {
namespace {

// While it is built, the new tree stands below kNew and the host's below kOld, both in a scratch
// tmpfs that is the root for that time (so nothing needs to be made on the host).
constexpr const char* kScratch = "/tmp";
const std::string kNew = "/new";
const std::string kOld = "/old";

Error failed(const std::string& what) {
  return errno_error(errno, "cannot " + what);
}

Result<> make_directory(const std::string& path) {
  for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string prefix = path.substr(0, slash);
    if (mkdir(prefix.c_str(), 0755) != 0 && errno != EEXIST) return failed("make " + prefix);
    if (slash == std::string::npos) return {};
  }
}

Result<> make_file(const std::string& path, const std::string& content) {
  if (auto made = make_directory(path.substr(0, path.rfind('/'))); !made) return made;
  const UniqueFd file(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  if (!file.valid()) return failed("make " + path);
  if (write(file.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size())) {
    return failed("write " + path);
  }
  return {};
}

Result<> make_link(const std::string& path, const std::string& target) {
  if (auto made = make_directory(path.substr(0, path.rfind('/'))); !made) return made;
  if (symlink(target.c_str(), path.c_str()) != 0) return failed("make the link " + path);
  return {};
}

// Sets attributes on a mount and all below it; only adds, so it may be used on mounts whose flags
// are locked by an outer user namespace.
Result<> restrict_mount(const std::string& path, uint64_t attributes) {
  mount_attr wanted{};
  wanted.attr_set = attributes;
  if (syscall(SYS_mount_setattr, AT_FDCWD, path.c_str(), AT_RECURSIVE, &wanted, sizeof wanted) !=
      0) {
    return failed("restrict the mount " + path);
  }
  return {};
}

Result<> bind_path(const std::string& source, const std::string& target, uint64_t attributes) {
  struct stat status {};
  if (stat(source.c_str(), &status) != 0) return failed("find " + source);
  auto made = S_ISDIR(status.st_mode) ? make_directory(target) : make_file(target, "");
  if (!made) return made;
  if (mount(source.c_str(), target.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0) {
    return failed("bind " + source + " to " + target);
  }
  return restrict_mount(target, attributes);
}

Result<> bind_spec_paths(const SandboxSpec& spec) {
  for (const auto& bind : spec.read_only_binds) {
    const std::string source = kOld + bind.source;
    if (bind.optional && access(source.c_str(), F_OK) != 0) continue;
    auto bound = bind_path(source, kNew + bind.target,
                           MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
    if (!bound) return bound;
  }
  return {};
}

// /bin, /lib and so on as the host has them: links into /usr, or directories of their own.
Result<> copy_system_directories() {
  for (const std::string name : {"/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32"}) {
    struct stat status {};
    if (lstat((kOld + name).c_str(), &status) != 0) continue;
    if (S_ISLNK(status.st_mode)) {
      char target[PATH_MAX];
      const ssize_t size = readlink((kOld + name).c_str(), target, sizeof target);
      if (size < 0) return failed("read the link " + name);
      auto made = make_link(kNew + name, std::string(target, static_cast<size_t>(size)));
      if (!made) return made;
      continue;
    }
    auto bound = bind_path(kOld + name, kNew + name,
                           MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
    if (!bound) return bound;
  }
  return {};
}

Result<> make_devices() {
  for (const std::string name : {"null", "zero", "full", "random", "urandom"}) {
    auto bound = bind_path(kOld + "/dev/" + name, kNew + "/dev/" + name,
                           MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
    if (!bound) return bound;
  }
  if (auto made = make_link(kNew + "/dev/fd", "/proc/self/fd"); !made) return made;
  if (auto made = make_link(kNew + "/dev/stdin", "/proc/self/fd/0"); !made) return made;
  if (auto made = make_link(kNew + "/dev/stdout", "/proc/self/fd/1"); !made) return made;
  return make_link(kNew + "/dev/stderr", "/proc/self/fd/2");
}

Result<> mount_proc() {
  if (auto made = make_directory(kNew + "/proc"); !made) return made;
  constexpr unsigned long kFlags = MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY;
  if (mount("proc", (kNew + "/proc").c_str(), "proc", kFlags, nullptr) != 0) {
    return failed("mount /proc");
  }
  for (const std::string name : {"kcore", "keys", "sysrq-trigger", "timer_list", "kallsyms",
                                 "config.gz", "key-users", "kmsg", "sched_debug"}) {
    const std::string path = kNew + "/proc/" + name;
    if (access(path.c_str(), F_OK) != 0) continue;
    if (mount((kOld + "/dev/null").c_str(), path.c_str(), nullptr, MS_BIND, nullptr) != 0) {
      return failed("hide /proc/" + name);
    }
  }
  return {};
}

Result<> mount_tmp(uint64_t bytes) {
  if (auto made = make_directory(kNew + "/tmp"); !made) return made;
  const std::string options = "mode=1777,size=" + std::to_string(bytes);
  if (mount("tmpfs", (kNew + "/tmp").c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()) !=
      0) {
    return failed("mount /tmp");
  }
  return {};
}

Result<> mount_scratch(const std::string& place) {
  if (mount("tmpfs", place.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m") != 0 ||
      mkdir((place + kNew).c_str(), 0755) != 0 || mkdir((place + kOld).c_str(), 0755) != 0) {
    return failed("make a scratch file system");
  }
  return {};
}

// In a chroot the root is no mount point: it can be neither made private nor pivoted away from. So
// the scratch stands on /proc, which is one, and the root's tree is bound into it. Private binds:
// nothing that is mounted or let go here reaches the host's mounts.
Result<> enter_scratch_from_chroot() {
  constexpr const char* kPlace = "/proc";
  if (mount(nullptr, kPlace, nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return failed("make the mounts private");
  }
  if (auto made = mount_scratch(kPlace); !made) return made;
  const std::string old = kPlace + kOld;
  if (mount("/", old.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0 ||
      mount(nullptr, old.c_str(), nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return failed("bind the host's root");
  }
  if (chroot(kPlace) != 0 || chdir("/") != 0) return failed("leave the host's root");
  return {};
}

Result<> enter_scratch_from_root() {
  if (auto made = mount_scratch(kScratch); !made) return made;
  if (syscall(SYS_pivot_root, kScratch, (kScratch + kOld).c_str()) != 0 || chdir("/") != 0) {
    return failed("leave the host's root");
  }
  return {};
}

// Makes the scratch tmpfs the root; the host's tree hangs below kOld from here on.
Result<> enter_scratch() {
  const bool made_private = mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  if (!made_private && errno != EINVAL) return failed("make the mounts private");
  auto entered = made_private ? enter_scratch_from_root() : enter_scratch_from_chroot();
  if (!entered) return entered;
  if (mount("tmpfs", kNew.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=4m") != 0) {
    return failed("make the root file system");
  }
  return {};
}

Result<> leave_scratch() {
  if (umount2(kOld.c_str(), MNT_DETACH) != 0) return failed("let go of the host's root");
  if (chdir(kNew.c_str()) != 0 || syscall(SYS_pivot_root, ".", ".") != 0 ||
      umount2(".", MNT_DETACH) != 0 || chdir("/") != 0) {
    return failed("enter the new root");
  }
  if (mount(nullptr, "/", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV,
            nullptr) != 0) {
    return failed("make the root read-only");
  }
  return {};
}

}  // namespace

Result<> enter_root(const SandboxSpec& spec) {
  if (auto done = enter_scratch(); !done) return done;
  if (auto done = copy_system_directories(); !done) return done;
  // Before the binds: an interpreter may be installed below the host's /tmp.
  if (auto done = mount_tmp(spec.tmp_bytes); !done) return done;
  if (auto done = bind_spec_paths(spec); !done) return done;
  for (const auto& directory : spec.directories) {
    if (auto done = make_directory(kNew + directory); !done) return done;
  }
  for (const auto& file : spec.files) {
    if (auto done = make_file(kNew + file.path, file.content); !done) return done;
  }
  for (const auto& link : spec.links) {
    if (auto done = make_link(kNew + link.path, link.content); !done) return done;
  }
  if (auto done = make_devices(); !done) return done;
  if (auto done = mount_proc(); !done) return done;
  return leave_scratch();
}

}  // namespace millstream::functions
