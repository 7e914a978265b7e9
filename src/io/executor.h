#pragma once

#include <cstdint>

#include "base/callback.h"

namespace millstream::io {

using TimerId = uint64_t;

// One thread's work: what is posted runs there, in order, one at a time. The real one is a Reactor
// (io/reactor.h), one a core; the simulator has its own.
class Executor {
 public:
  virtual ~Executor() = default;

  // Runs `work` on this executor's thread, never inside this call. Thread-safe. What is posted
  // after the executor stopped is destroyed without being run.
  virtual void post(Callback work) = 0;

  // Runs `work` on this executor's thread once `delay_us` microseconds have passed. Thread-safe.
  virtual TimerId run_after(int64_t delay_us, Callback work) = 0;
  // Takes a timer back; nothing happens if it has run. Only from this executor's thread, where a
  // cancelled timer is certain not to run any more.
  virtual void cancel(TimerId timer) = 0;

  // True on this executor's own thread.
  [[nodiscard]] virtual bool is_current() const = 0;
};

}  // namespace millstream::io
