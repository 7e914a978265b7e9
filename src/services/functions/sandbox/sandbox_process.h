#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "services/functions/sandbox/output_budget.h"
#include "services/functions/sandbox/sandboxes.h"

namespace millstream::functions {

// One sandbox as the Sandboxes' thread sees it: its processes, its channel, its output and how it
// ended. Everything belongs to that thread.
class SandboxProcess {
 public:
  SandboxProcess(SandboxEvents events, IsolationMode isolation, int64_t now_us)
      : events_(std::move(events)), isolation_(isolation), output_budget_(now_us) {}

  // Spawns `program` as the sandbox's maker and sends it the spec. On failure call finish().
  Result<> spawn(const std::string& program, const SandboxSpec& spec, Cgroup cgroup);
  // Remembers why it can't go on; a maker that still waits for its spec sees its channel close.
  void fail(std::string why) {
    end_.failure = std::move(why);
    channel_.reset();
  }

  [[nodiscard]] int output_fd() const { return output_.get(); }
  [[nodiscard]] int channel_fd() const { return channel_.get(); }
  [[nodiscard]] int maker_fd() const { return maker_handle_.get(); }
  [[nodiscard]] int first_fd() const { return first_handle_.get(); }

  // What the epoll loop saw. Each returns whether the sandbox is over (finish() is due).
  void read_channel();
  bool maker_ended();
  bool first_ended(int64_t now_us);

  // Kills all inside, now or as soon as the first process is known.
  void kill();
  // Reads at most `bytes_max` of what was printed, as far as the budget allows.
  void read_output(size_t bytes_max, int64_t now_us);
  // As Sandbox::drain; waits for the budget if it is spent.
  void drain(Sandbox::Drained drained, int64_t now_us);
  // How long output must not be read; 0 if it may be. resume() is due then.
  [[nodiscard]] int64_t output_pause_us() const { return output_budget_.pause_us(); }
  // Goes on with the drains that waited.
  void resume(int64_t now_us);
  // Tells on_end; nothing else happens afterwards.
  void finish();

 private:
  void take_message(const std::string& text, std::vector<UniqueFd> files);
  void read_bytes(size_t bytes_max);
  // Reads what was printed until now, and not what is printed meanwhile.
  void drain_now();
  void tell_drained();

  SandboxEvents events_;  // none after on_end: whoever it belongs to may hold this
  const IsolationMode isolation_;
  UniqueFd channel_;
  UniqueFd maker_handle_;  // pidfd of the process that makes the namespaces
  UniqueFd first_handle_;  // pidfd of the first process inside
  pid_t maker_ = -1;
  pid_t first_ = -1;
  bool kill_wanted_ = false;
  bool end_told_ = false;  // the first process told the program's wait status
  SandboxEnd end_;
  UniqueFd output_;
  OutputBudget output_budget_;
  std::vector<Sandbox::Drained> draining_;  // in the order of the calls
  Cgroup cgroup_;
};

}  // namespace millstream::functions
