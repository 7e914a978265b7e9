#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

#include "io/executor.h"

namespace millstream::io {

// An executor whose thread is whoever calls run_*: tests and the simulator drive it step by step.
// Its time stands still until it is moved. `post` is thread-safe; the rest belongs to one thread.
class ManualExecutor final : public Executor {
 public:
  void post(Callback work) override;
  TimerId run_after(int64_t delay_us, Callback work) override;
  void cancel(TimerId timer) override;
  [[nodiscard]] bool is_current() const override { return running_; }

  // Runs one posted piece of work; false if there was none.
  bool run_one();
  // Runs until nothing is posted; returns how many ran.
  size_t run_until_idle();
  // Moves the time and runs the timers that are due, in their order, and all that they post.
  void advance_us(int64_t us);

 private:
  std::mutex mutex_;
  std::deque<Callback> queue_;                              // guarded by mutex_
  std::map<std::pair<int64_t, TimerId>, Callback> timers_;  // guarded by mutex_
  int64_t now_us_ = 0;                                      // guarded by mutex_
  TimerId next_timer_ = 1;                                  // guarded by mutex_
  bool running_ = false;
};

}  // namespace millstream::io
