#pragma once

#include <cstdint>

#include "base/result.h"
#include "services/functions/sandbox/spec.h"

namespace millstream::functions {

// Enters a new user namespace in which the caller's own user is `user_id`, with every capability
// over the namespaces made afterwards. The process must have one thread.
Result<> enter_user_namespace(uint32_t user_id, uint32_t group_id);

// Sets the limits that the kernel keeps per process: open files, processes of the user, core files,
// locked memory and, when spec.data_bytes_max is given, writable private memory.
Result<> set_process_limits(const SandboxSpec& spec);

// Becomes the unprivileged user of the spec for good: no other groups, no capability in any set,
// none to be gained by an exec (no_new_privs), not to be traced. With user_id 0 only the last
// three.
Result<> drop_privileges(const SandboxSpec& spec);

}  // namespace millstream::functions
