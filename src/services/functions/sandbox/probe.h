#pragma once

#include <string>

#include "base/result.h"
#include "services/functions/sandbox/sandboxes.h"
#include "services/functions/sandbox/spec.h"

namespace millstream::functions {

// How this host lets us isolate functions.
struct IsolationSupport {
  bool user_namespace =
      false;  // the server isn't root; sandboxes get a user namespace of their own
};

// Makes a whole sandbox that does nothing and waits for its end: the one honest way to know. Blocks
// for some milliseconds. On failure the sentence names what the host refused and the way out.
Result<IsolationSupport> probe_isolation(Sandboxes* sandboxes, bool own_network);

// The parts of a sandbox that don't depend on the function: users, names, libraries' settings.
void add_common_root(bool own_network, SandboxSpec* spec);

// The unprivileged user inside. Each sandbox of a root server gets its own on the host too, counted
// up from here.
inline constexpr uint32_t kSandboxUserBase = 2'000'000;

}  // namespace millstream::functions
