#pragma once

#include "base/result.h"

namespace millstream::functions {

// Takes from the calling process and all its future children, for ever, the system calls that no
// function needs and that widen the kernel's surface: mounting, namespaces, tracing, kernel modules
// and keys, BPF, io_uring, raw devices, clocks, sockets of other families than Unix and IP. They
// fail with EPERM (ENOSYS or EAFNOSUPPORT where programs know how to go on without). A program of
// another architecture is killed. Needs no_new_privs or CAP_SYS_ADMIN. docs/decisions/isolation.md
// gives the list and its reasons.
Result<> install_seccomp_filter();

}  // namespace millstream::functions
