#include "io/workers.h"

#include <atomic>
#include <cstdint>
#include <thread>
#include <utility>

namespace millstream::io {
namespace {

// Waits on one word: a wake costs one atomic operation, and a system call only when the thread is
// asleep.
class ThreadWorker final : public Worker {
 public:
  explicit ThreadWorker(std::function<void()> work)
      : work_(std::move(work)), thread_([this] { run(); }) {}
  ~ThreadWorker() override { stop(); }

  void wake() override { add(kWoken); }
  void stop() override {
    add(kStopping);
    if (thread_.joinable()) thread_.join();
  }

 private:
  static constexpr uint32_t kIdle = 0;
  static constexpr uint32_t kWoken = 1;
  static constexpr uint32_t kStopping = 2;
  static constexpr uint32_t kAsleep = 4;

  void add(uint32_t bit) {
    if (state_.fetch_or(bit, std::memory_order_acq_rel) == kAsleep) state_.notify_one();
  }

  void run() {
    for (;;) {
      uint32_t idle = kIdle;
      if (state_.compare_exchange_strong(idle, kAsleep, std::memory_order_acq_rel)) {
        state_.wait(kAsleep, std::memory_order_acquire);
      }
      const uint32_t seen = state_.fetch_and(kStopping, std::memory_order_acq_rel);
      if ((seen & kWoken) != 0) work_();
      if ((seen & kStopping) != 0) return;
    }
  }

  const std::function<void()> work_;
  std::atomic<uint32_t> state_{kIdle};
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Worker> ThreadWorkers::start(std::function<void()> work) {
  return std::make_unique<ThreadWorker>(std::move(work));
}

}  // namespace millstream::io
