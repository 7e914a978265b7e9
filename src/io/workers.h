#pragma once

#include <functional>
#include <memory>

namespace millstream::io {

// A thread with one piece of blocking work that it does whenever it is told to: a journal's disk
// thread, for example. The work takes all that has come up since it ran last.
class Worker {
 public:
  virtual ~Worker() = default;  // as stop()

  // The work runs once more, and begins later than this call. Calls that come before it begins are
  // one. Thread-safe; never waits for the work.
  virtual void wake() = 0;
  // Runs the work if it was woken, and ends. Blocks until then; not from inside the work. Calls of
  // `wake` after it do nothing.
  virtual void stop() = 0;
};

// Where workers come from: real threads, or the simulator's. Given to constructors. Thread-safe.
class Workers {
 public:
  virtual ~Workers() = default;
  // What `work` refers to outlives the worker.
  virtual std::unique_ptr<Worker> start(std::function<void()> work) = 0;
};

// A thread for each worker.
class ThreadWorkers final : public Workers {
 public:
  std::unique_ptr<Worker> start(std::function<void()> work) override;
};

}  // namespace millstream::io
