#pragma once

namespace millstream::functions {

// The word that makes the server's own program become a sandbox: `millstream sandbox-init`. The
// program's main() hands over to sandbox_main when argv[1] is this, before it does anything else
// (above all before it starts a thread).
inline constexpr const char* kSandboxCommand = "sandbox-init";
// The channel (sandbox/channel.h) is this open file.
inline constexpr int kSandboxChannel = 3;

// Operation: reads the SandboxSpec from the channel, makes the namespaces and in them the two
// listeners, hands these out, and forks the sandbox's first process (a child of the server, and pid
// 1 inside). That process mounts the root, takes the limits, gives up every privilege, starts the
// program, collects what dies inside and reports the program's end. When it ends, or the server's
// end of the channel closes, the kernel kills everything inside.
//
// Ends the calling process, without what runs at an ordinary exit: that is the server's, and the
// leak sanitizer would wait for a helper that is born as the first in the new process namespace.
// Problems are told on the channel.
[[noreturn]] void sandbox_main();

}  // namespace millstream::functions
