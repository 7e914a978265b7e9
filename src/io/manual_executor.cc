#include "io/manual_executor.h"

#include <algorithm>

namespace millstream::io {

void ManualExecutor::post(Callback work) {
  const std::lock_guard lock(mutex_);
  queue_.push_back(std::move(work));
}

TimerId ManualExecutor::run_after(int64_t delay_us, Callback work) {
  const std::lock_guard lock(mutex_);
  const TimerId timer = next_timer_++;
  timers_.emplace(std::pair(now_us_ + delay_us, timer), std::move(work));
  return timer;
}

void ManualExecutor::cancel(TimerId timer) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(timers_.begin(), timers_.end(), [timer](const auto& entry) {
    return entry.first.second == timer;
  });
  if (found != timers_.end()) timers_.erase(found);
}

bool ManualExecutor::run_one() {
  Callback work;
  {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) return false;
    work = std::move(queue_.front());
    queue_.pop_front();
  }
  const bool was_running = std::exchange(running_, true);
  work();
  running_ = was_running;
  return true;
}

size_t ManualExecutor::run_until_idle() {
  size_t count = 0;
  while (run_one()) ++count;
  return count;
}

void ManualExecutor::advance_us(int64_t us) {
  run_until_idle();
  int64_t until;
  {
    const std::lock_guard lock(mutex_);
    until = now_us_ + us;
  }
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (timers_.empty() || timers_.begin()->first.first > until) {
        now_us_ = until;
        break;
      }
      now_us_ = std::max(now_us_, timers_.begin()->first.first);
      queue_.push_back(std::move(timers_.begin()->second));
      timers_.erase(timers_.begin());
    }
    run_until_idle();
  }
  run_until_idle();
}

}  // namespace millstream::io
