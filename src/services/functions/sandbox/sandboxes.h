#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "services/functions/sandbox/cgroup.h"
#include "services/functions/sandbox/spec.h"

namespace millstream::functions {

// The two listeners of a sandbox, open inside its network namespace and non-blocking.
struct SandboxListeners {
  UniqueFd runtime_api;
  UniqueFd aws_endpoint;
};

struct SandboxEnd {
  std::string failure;         // not empty: it never ran, and this sentence says why
  int wait_status = 0;         // of the program, as waitpid gives it
  int64_t ended_us = 0;        // when the program had ended, on the kernel's monotonic clock
  bool out_of_memory = false;  // the kernel killed something in it for the memory limit
  uint64_t memory_peak_bytes = 0;
};

// What happens to one sandbox: `on_ready` at most once, `on_end` once and last. On the Sandboxes'
// thread; short, without waiting.
struct SandboxEvents {
  std::function<void(SandboxListeners)> on_ready;
  std::function<void(std::string_view bytes)> on_output;
  std::function<void(SandboxEnd)> on_end;
};

// A running sandbox, or one that is being started or has ended. May outlive the Sandboxes; its
// methods do nothing then. Thread-safe.
class Sandbox {
 public:
  virtual ~Sandbox() = default;
  // Kills everything inside; on_end follows. Doing it twice is harmless.
  virtual void kill() = 0;
  // Hands all that was printed so far to on_output, then tells the most memory that was ever in use
  // (0: not measured): what a program wrote before it sent a message elsewhere is there when
  // `drained` is called. What is printed faster than OutputBudget allows is waited for. On the
  // Sandboxes' thread; in the order of the calls. After on_end too, but
  // not when the Sandboxes go meanwhile.
  using Drained = std::function<void(uint64_t memory_peak_bytes)>;
  virtual void drain(Drained drained) = 0;
};

// Starts sandboxes and watches them.
//
// Operation: one thread spawns, reads what sandboxes print, and waits for their ends; it never
// waits for a single one. Each sandbox is this very program, started again with kSandboxCommand
// (sandbox/child.h).
// Concurrency: thread-safe.
// Limits: two processes (a small first one, and the program) and four open files a sandbox. What a
// sandbox prints is read as fast as OutputBudget allows; past that its program waits.
class Sandboxes {
 public:
  // `program` is what is started: the server's own file. `clock` outlives the Sandboxes.
  Sandboxes(Cgroups cgroups, const Clock& clock, std::string program = "/proc/self/exe");
  ~Sandboxes();  // kills all; every on_end has run when it returns

  // Starts one. `memory_bytes_max` is enforced for all its processes together by a cgroup where
  // there is one, which also shares out CPU time (cpu_limits); else for each by RLIMIT_DATA.
  std::shared_ptr<Sandbox> start(SandboxSpec spec, uint64_t memory_bytes_max, SandboxEvents events);

  [[nodiscard]] const Cgroups& cgroups() const;

 private:
  class Implementation;
  class Handle;
  const std::shared_ptr<Implementation> implementation_;  // shared with the Sandbox objects
};

}  // namespace millstream::functions
