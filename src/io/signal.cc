#include "io/signal.h"

#include <utility>

namespace millstream::io {

uint64_t Signal::version() const {
  std::lock_guard lock(mutex_);
  return version_;
}

void Signal::notify() {
  std::vector<Waiter> woken;
  {
    std::lock_guard lock(mutex_);
    ++version_;
    woken = std::exchange(waiters_, {});
  }
  for (const Waiter& waiter : woken) waiter->set(true);
}

bool Signal::add(uint64_t seen, const Waiter& waiter) {
  std::lock_guard lock(mutex_);
  if (version_ != seen) return false;
  waiters_.push_back(waiter);
  return true;
}

void Signal::remove(const Waiter& waiter) {
  std::lock_guard lock(mutex_);
  std::erase(waiters_, waiter);
}

Task<> Signal::wait_beyond(Executor& home, uint64_t seen, int64_t timeout_us) {
  auto waiter = std::make_shared<OneShot<bool>>(home);
  if (!add(seen, waiter)) co_return;
  home.run_after(timeout_us, [waiter] { waiter->set(false); });
  const bool notified = co_await *waiter;
  if (!notified) remove(waiter);
}

}  // namespace millstream::io
