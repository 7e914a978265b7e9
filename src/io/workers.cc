#include "io/workers.h"

#include <semaphore.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <thread>
#include <utility>

#include "base/check.h"

namespace millstream::io {
namespace {

// A wake costs one atomic operation, and a system call only when the thread is asleep. It sleeps in
// the C library's semaphore: those of the C++ library give the processor away some times before
// they sleep, which on a busy processor means that others run first.
class ThreadWorker final : public Worker {
 public:
  explicit ThreadWorker(std::function<void()> work) : work_(std::move(work)) {
    CHECK(sem_init(&wakes_, 0, 0) == 0);
    thread_ = std::thread([this] { run(); });
  }
  ~ThreadWorker() override {
    stop();
    CHECK(sem_destroy(&wakes_) == 0);
  }

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
    if (state_.fetch_or(bit, std::memory_order_acq_rel) == kAsleep) CHECK(sem_post(&wakes_) == 0);
  }

  void run() {
    for (;;) {
      uint32_t idle = kIdle;
      if (state_.compare_exchange_strong(idle, kAsleep, std::memory_order_acq_rel)) {
        wait_for_wake();
      }
      const uint32_t seen = state_.fetch_and(kStopping, std::memory_order_acq_rel);
      if ((seen & kWoken) != 0) work_();
      if ((seen & kStopping) != 0) return;
    }
  }

  // Until the one post of whoever found it asleep.
  void wait_for_wake() {
    while (sem_wait(&wakes_) != 0) CHECK(errno == EINTR);
  }

  const std::function<void()> work_;
  std::atomic<uint32_t> state_{kIdle};
  sem_t wakes_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Worker> ThreadWorkers::start(std::function<void()> work) {
  return std::make_unique<ThreadWorker>(std::move(work));
}

}  // namespace millstream::io
