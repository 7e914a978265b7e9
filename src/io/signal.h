#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "io/executor.h"
#include "io/task.h"

namespace millstream::io {

// Tells coroutines on any executors that something changed. Whoever waits takes the version before
// it looks at what may change, so that no change is missed. Thread-safe.
class Signal {
 public:
  [[nodiscard]] uint64_t version() const;
  // Raises the version and wakes all who wait.
  void notify();
  // Goes on on `home` once the version is above `seen` or `timeout_us` has passed.
  Task<> wait_beyond(Executor& home, uint64_t seen, int64_t timeout_us);

  // For waiting for something else as well: sets `waiter` at the next change, unless the version is
  // above `seen` already (false). Who was woken otherwise takes its waiter back.
  using Waiter = std::shared_ptr<OneShot<bool>>;
  [[nodiscard]] bool add(uint64_t seen, const Waiter& waiter);
  void remove(const Waiter& waiter);

 private:
  mutable std::mutex mutex_;  // guards all below
  uint64_t version_ = 0;
  std::vector<Waiter> waiters_;
};

}  // namespace millstream::io
