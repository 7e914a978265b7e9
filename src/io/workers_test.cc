#include "io/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

namespace millstream::io {
namespace {

TEST(ThreadWorkers, RunsTheWorkAfterEachWakeOnAThreadOfItsOwn) {
  ThreadWorkers workers;
  std::promise<std::thread::id> ran;
  const auto worker = workers.start([&ran] { ran.set_value(std::this_thread::get_id()); });
  worker->wake();
  EXPECT_NE(ran.get_future().get(), std::this_thread::get_id());
}

TEST(ThreadWorkers, LosesNoWake) {
  ThreadWorkers workers;
  std::atomic<int> given{0};
  std::atomic<int> taken{0};
  const auto worker = workers.start([&] { taken = given.load(); });
  for (int i = 1; i <= 20'000; ++i) {
    given = i;
    worker->wake();
    if (i % 100 != 0) continue;
    while (taken != i) std::this_thread::yield();
  }
  EXPECT_EQ(taken, 20'000);
}

TEST(ThreadWorkers, StopServesTheLastWakeAndNoneAfter) {
  ThreadWorkers workers;
  for (int i = 0; i < 200; ++i) {
    int runs = 0;
    const auto worker = workers.start([&runs] { ++runs; });
    worker->wake();
    worker->stop();
    EXPECT_EQ(runs, 1);
    worker->wake();
    worker->stop();
    EXPECT_EQ(runs, 1);
  }
}

TEST(ThreadWorkers, StopWithoutAWakeRunsNothing) {
  ThreadWorkers workers;
  int runs = 0;
  workers.start([&runs] { ++runs; })->stop();
  EXPECT_EQ(runs, 0);
}

}  // namespace
}  // namespace millstream::io
