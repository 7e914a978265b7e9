#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "io/executor.h"

namespace millstream::io {

// The real Executor: one thread that waits for sockets and timers and runs what is posted.
//
// Operation: posts are collected in a queue and drained in batches, so a burst of posts from
// another thread costs one wake-up. Timers are kept in order of their deadline and cost no system
// call unless one becomes the earliest.
//
// Threads: as Executor says. `run` is called by one thread, once; `stop` by any. What is still
// queued when the reactor goes is destroyed without being run, on the thread that destroys it.
class Reactor final : public Executor {
 public:
  Reactor();
  ~Reactor() override;

  void post(Callback work) override;
  TimerId run_after(int64_t delay_us, Callback work) override;
  void cancel(TimerId timer) override;
  [[nodiscard]] bool is_current() const override;

  // Serves until `stop`. The calling thread is the reactor's thread from then on.
  void run();
  // Makes `run` return after the callback that is running. What is posted later isn't run.
  void stop();

  // Boost.Asio's side, for code that opens sockets (io/reactor_asio.h).
  struct Implementation;
  [[nodiscard]] Implementation& implementation() { return *implementation_; }

 private:
  std::unique_ptr<Implementation> implementation_;
};

// Some reactors, each on a thread of its own. Not thread-safe, except `at` and `size`.
class Reactors {
 public:
  // `count` 0 means one for each core.
  explicit Reactors(size_t count = 0);
  ~Reactors();  // stops and joins

  [[nodiscard]] size_t size() const { return reactors_.size(); }
  [[nodiscard]] Reactor& at(size_t index) { return *reactors_[index]; }
  [[nodiscard]] std::vector<Executor*> executors();

  void start();
  // Stops all of them and waits for their threads. Doing it twice is harmless.
  void stop();

 private:
  std::vector<std::unique_ptr<Reactor>> reactors_;
  std::vector<std::thread> threads_;
};

}  // namespace millstream::io
