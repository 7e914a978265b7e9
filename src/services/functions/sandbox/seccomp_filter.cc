#include "services/functions/sandbox/seccomp_filter.h"

#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <string>
#include <type_traits>

namespace millstream::functions {
namespace {

// Denied whatever their arguments.
constexpr int kDenied[] = {
    // Mounts and namespaces.
    SCMP_SYS(mount),
    SCMP_SYS(umount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(setns),
    SCMP_SYS(unshare),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsconfig),
    SCMP_SYS(fsmount),
    SCMP_SYS(fspick),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(name_to_handle_at),
    SCMP_SYS(fanotify_init),
    // Other processes.
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(process_madvise),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(kcmp),
    // The kernel itself.
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(create_module),
    SCMP_SYS(get_kernel_syms),
    SCMP_SYS(query_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(reboot),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(lookup_dcookie),
    SCMP_SYS(syslog),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(keyctl),
    SCMP_SYS(_sysctl),
    SCMP_SYS(sysfs),
    SCMP_SYS(ustat),
    SCMP_SYS(uselib),
    SCMP_SYS(nfsservctl),
    // Devices, accounting, clocks, memory policy of the machine.
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(acct),
    SCMP_SYS(quotactl),
    SCMP_SYS(quotactl_fd),
    SCMP_SYS(settimeofday),
    SCMP_SYS(stime),
    SCMP_SYS(clock_settime),
    SCMP_SYS(clock_adjtime),
    SCMP_SYS(adjtimex),
    SCMP_SYS(vhangup),
    SCMP_SYS(mbind),
    SCMP_SYS(set_mempolicy),
    SCMP_SYS(migrate_pages),
    SCMP_SYS(move_pages),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
    SCMP_SYS(vm86),
    SCMP_SYS(vm86old),
    SCMP_SYS(modify_ldt),
};

// Denied as if the kernel didn't have them: the C library and libuv then use what came before.
constexpr int kAbsent[] = {
    SCMP_SYS(clone3),         SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter), SCMP_SYS(io_uring_register),
    SCMP_SYS(memfd_secret),
};

constexpr int kNamespaceFlags[] = {CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
                                   CLONE_NEWUSER, CLONE_NEWPID,    CLONE_NEWNET};

struct Release {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<std::remove_pointer_t<scmp_filter_ctx>, Release>;

// The first failure is kept; a call that this kernel's architecture lacks is none.
class Rules {
 public:
  explicit Rules(scmp_filter_ctx filter) : filter_(filter) {}

  void deny(int system_call, int error_number) {
    keep(seccomp_rule_add(filter_, SCMP_ACT_ERRNO(error_number), system_call, 0));
  }
  void deny_if(int system_call, int error_number, const scmp_arg_cmp& condition) {
    keep(seccomp_rule_add_array(filter_, SCMP_ACT_ERRNO(error_number), system_call, 1, &condition));
  }
  [[nodiscard]] int failure() const { return failure_; }

 private:
  void keep(int result) {
    if (result < 0 && result != -EDOM && failure_ == 0) failure_ = -result;
  }
  scmp_filter_ctx filter_;
  int failure_ = 0;
};

void add_socket_rules(Rules* rules) {
  // Allowed: AF_UNIX 1, AF_INET 2, AF_INET6 10, AF_NETLINK 16 (the C library lists interfaces by
  // it).
  constexpr int kAllowed[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
  for (int family = 0; family < AF_MAX; ++family) {
    bool allowed = false;
    for (const int candidate : kAllowed) allowed = allowed || candidate == family;
    if (allowed) continue;
    rules->deny_if(SCMP_SYS(socket), EAFNOSUPPORT,
                   SCMP_A0(SCMP_CMP_MASKED_EQ, 0xffffffffu, static_cast<scmp_datum_t>(family)));
  }
  rules->deny_if(SCMP_SYS(socket), EAFNOSUPPORT, SCMP_A0(SCMP_CMP_GE, AF_MAX));
}

}  // namespace

Result<> install_seccomp_filter() {
  const Filter filter(seccomp_init(SCMP_ACT_ALLOW));
  if (!filter) return Error{ErrorCode::kIo, "cannot make a seccomp filter"};
  Rules rules(filter.get());
  for (const int system_call : kDenied) rules.deny(system_call, EPERM);
  for (const int system_call : kAbsent) rules.deny(system_call, ENOSYS);
  for (const int flag : kNamespaceFlags) {
    const auto bits = static_cast<scmp_datum_t>(flag);
    rules.deny_if(SCMP_SYS(clone), EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, bits, bits));
  }
  rules.deny_if(SCMP_SYS(ioctl), EPERM, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffu, TIOCSTI));
  rules.deny_if(SCMP_SYS(ioctl), EPERM, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffu, TIOCLINUX));
  add_socket_rules(&rules);
  if (rules.failure() != 0) return errno_error(rules.failure(), "cannot make the seccomp filter");
  if (const int result = seccomp_load(filter.get()); result < 0) {
    return errno_error(-result, "cannot install the seccomp filter");
  }
  return {};
}

}  // namespace millstream::functions
