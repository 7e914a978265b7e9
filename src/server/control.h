#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "base/result.h"
#include "base/unique_fd.h"

namespace millstream::server {

// What the main thread waits for while reactors serve: signals to stop, and work that must not run
// on a reactor.
//
// SIGTERM and SIGINT are caught from the construction on; at most one object exists at a time. The
// mask of signals is left alone, since function processes would inherit it.
class Control {
 public:
  // Fails with kIo when there are no descriptors left.
  static Result<std::unique_ptr<Control>> make();
  ~Control();

  // Has `work` run by `serve`. Thread-safe.
  void run(std::function<void()> work);
  // Makes `serve` return. Thread-safe.
  void stop();
  // Runs what comes until a signal or stop(). On the main thread.
  void serve();

 private:
  Control(UniqueFd read_end, UniqueFd write_end);

  UniqueFd read_end_;
  UniqueFd write_end_;
  std::mutex mutex_;
  std::deque<std::function<void()>> queue_;  // guarded by mutex_
  bool stopped_ = false;                     // guarded by mutex_
};

}  // namespace millstream::server
