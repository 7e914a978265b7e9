#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "base/callback.h"

namespace millstream::io {

// A few threads for work that blocks: cold reads, compressions, waits for processes. Work starts in
// the order of its submission and may run side by side.
class BlockingPool {
 public:
  explicit BlockingPool(size_t threads);
  ~BlockingPool();  // as stop()

  // Runs `work` on one of the threads. Thread-safe. Work submitted after stop() is destroyed unrun.
  void run(Callback work);
  // Finishes what is running, destroys what waits, joins. Not from one of the pool's threads.
  void stop();

 private:
  void serve();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Callback> queue_;  // guarded by mutex_
  bool stopped_ = false;        // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace millstream::io
