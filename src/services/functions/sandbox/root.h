#pragma once

#include "base/result.h"
#include "services/functions/sandbox/spec.h"

namespace millstream::functions {

// Gives the calling process, which is alone in new mount and pid namespaces, a file system of its
// own and makes it the root: an empty, read-only tree that holds only what the spec binds (read
// only), its small files, /usr and the links to it, a /dev of five harmless devices, a /proc that
// shows this pid namespace only, and a private /tmp of spec.tmp_bytes. Nothing of the host's tree
// stays reachable. After a failure the process must exit.
Result<> enter_root(const SandboxSpec& spec);

}  // namespace millstream::functions
