#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "aws/gateway.h"
#include "base/clock.h"
#include "base/random.h"
#include "io/executor.h"
#include "io/task.h"
#include "services/cloudformation/resources/registry.h"
#include "services/cloudformation/stack_store.h"

namespace millstream::cloudformation {

// Carries stacks from the operation that was asked for to its end: creates, updates, rolls back and
// deletes their resources (docs/decisions/stack-engine.md).
//
// Operation: an API operation stores what is wanted, with a status that ends in _IN_PROGRESS, and
//   calls start(). Each step's intent is stored before the call that it makes and the outcome after
//   it, so a run can begin again from what is stored, at any step.
// Concurrency: one run a stack at a time, on the executor that started it; runs of several stacks
// go
//   side by side. Thread-safe.
// Failure: a run that can't read or store (a full disk, a poisoned journal) says so in the log and
//   begins again from what is stored, after a pause that grows to ten seconds, until stop();
//   resume() takes it up after a restart.
class Engine {
 public:
  struct Parts {
    StackStore& store;
    const TypeRegistry& types;
    aws::Gateway& gateway;
    const Clock& clock;
    Random& random;
    std::function<void(const std::string&)> warn;  // a sentence for the server's log; any thread
  };
  // What it is given outlives the engine, and the engine outlives its runs.
  explicit Engine(Parts parts) : parts_(std::move(parts)) {}

  // Begins to work on what the stack is stored to be busy with. When a run is under way, it looks
  // again before it ends.
  void start(io::Executor& home, const StackAddress& address);

  // Takes up every stack that was busy when the process ended. Blocks while it reads; once, before
  // the first request.
  Result<> resume(io::Executor& home);

  // Ends the runs that pause, within ten seconds; others end with their next failure. Thread-safe.
  void stop() { stopping_ = true; }

  // Goes on on `home` once no run of the stack is under way or it pauses, or after `timeout_us`.
  // Most stacks are done in milliseconds, and clients poll in tens of seconds: an operation's
  // answer waits a little.
  io::Task<> settled(io::Executor& home, StackAddress address, int64_t timeout_us);

  // Whether no run is under way, or all that are pause.
  [[nodiscard]] bool is_idle() const;

 private:
  static io::Task<> run(Engine* engine, io::Executor* home, StackAddress address);
  io::Task<> drive(io::Executor& home, StackAddress address);
  void set_paused(const StackAddress& address, bool paused);
  // Whether the run is over: nobody called start() since it looked.
  bool finish(const StackAddress& address);

  const Parts parts_;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  struct Running {
    bool looks_again = false;
    bool paused = false;
    std::vector<std::shared_ptr<io::OneShot<bool>>> waiters;
  };
  std::map<std::string, Running> running_;  // by stack id. Guarded by mutex_.
};

// Whether a stack of that status has an operation under way.
bool is_busy(const std::string& status);

}  // namespace millstream::cloudformation
