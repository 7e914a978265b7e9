#include "io/blocking_pool.h"

#include <utility>

namespace millstream::io {

BlockingPool::BlockingPool(size_t threads) {
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
}

BlockingPool::~BlockingPool() {
  stop();
}

void BlockingPool::run(Callback work) {
  {
    std::lock_guard lock(mutex_);
    if (stopped_) return;
    queue_.push_back(std::move(work));
  }
  wake_.notify_one();
}

void BlockingPool::stop() {
  std::deque<Callback> left;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    left.swap(queue_);
  }
  wake_.notify_all();
  left.clear();  // outside the lock: a destructor may submit again
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void BlockingPool::serve() {
  while (true) {
    Callback work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopped_ || !queue_.empty(); });
      if (stopped_) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

}  // namespace millstream::io
