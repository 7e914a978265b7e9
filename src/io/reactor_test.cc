#include "io/reactor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>

#include "io/blocking_pool.h"

namespace millstream::io {
namespace {

TEST(Reactor, RunsPostsInOrderOnItsOwnThread) {
  Reactors reactors(1);
  reactors.start();
  Reactor& reactor = reactors.at(0);
  EXPECT_FALSE(reactor.is_current());
  std::string order;
  std::promise<bool> done;
  for (char letter = 'a'; letter <= 'e'; ++letter) {
    reactor.post([&order, letter] { order.push_back(letter); });
  }
  reactor.post([&] { done.set_value(reactor.is_current()); });
  EXPECT_TRUE(done.get_future().get());
  EXPECT_EQ(order, "abcde");
}

TEST(Reactor, NeverRunsAPostInsideTheCallThatMadeIt) {
  Reactors reactors(1);
  reactors.start();
  std::promise<bool> done;
  reactors.at(0).post([&] {
    auto ran = std::make_shared<bool>(false);
    reactors.at(0).post([&, ran] { *ran = true; });
    const bool ran_inside = *ran;
    reactors.at(0).post([&, ran, ran_inside] { done.set_value(!ran_inside && *ran); });
  });
  EXPECT_TRUE(done.get_future().get());
}

TEST(Reactor, RunsTimersInTheOrderOfTheirDeadlines) {
  Reactors reactors(1);
  std::string order;
  std::promise<void> done;
  Reactor& reactor = reactors.at(0);
  reactor.run_after(3000, [&] {
    order.push_back('c');
    done.set_value();
  });
  reactor.run_after(2000, [&] { order.push_back('b'); });
  reactor.run_after(0, [&] { order.push_back('a'); });
  reactors.start();
  done.get_future().get();
  EXPECT_EQ(order, "abc");
}

TEST(Reactor, ACancelledTimerDoesNotRun) {
  Reactors reactors(1);
  reactors.start();
  Reactor& reactor = reactors.at(0);
  std::atomic<bool> ran = false;
  std::promise<void> done;
  reactor.post([&] {
    const TimerId timer = reactor.run_after(1000, [&] { ran = true; });
    reactor.cancel(timer);
    reactor.cancel(timer);
    reactor.run_after(2000, [&] { done.set_value(); });
  });
  done.get_future().get();
  EXPECT_FALSE(ran);
}

TEST(Reactor, DestroysWhatItCannotRunAnyMore) {
  auto witness = std::make_shared<int>(1);
  {
    Reactors reactors(2);
    reactors.at(0).post([witness] { FAIL(); });
    reactors.at(1).run_after(0, [witness] { FAIL(); });
    reactors.stop();
    reactors.at(0).post([witness] { FAIL(); });
  }
  EXPECT_EQ(witness.use_count(), 1);
}

TEST(Reactor, TakesPostsFromManyThreads) {
  Reactors reactors(2);
  reactors.start();
  constexpr int kPosts = 20'000;
  std::atomic<int> left = 2 * kPosts;
  std::promise<void> done;
  const auto post_all = [&](size_t index) {
    for (int i = 0; i < kPosts; ++i) {
      reactors.at(index).post([&] {
        if (--left == 0) done.set_value();
      });
    }
  };
  std::thread first(post_all, 0), second(post_all, 1);
  first.join();
  second.join();
  done.get_future().get();
  EXPECT_EQ(left, 0);
}

TEST(BlockingPool, RunsBlockingWorkSideBySide) {
  BlockingPool pool(2);
  std::promise<void> from_second, done;
  pool.run([&] {
    from_second.get_future().get();
    done.set_value();
  });
  pool.run([&] { from_second.set_value(); });
  done.get_future().get();
}

TEST(BlockingPool, DestroysWhatWaitsWhenItStops) {
  auto witness = std::make_shared<int>(1);
  BlockingPool pool(1);
  std::promise<void> started, go_on;
  pool.run([&] {
    started.set_value();
    go_on.get_future().get();
  });
  started.get_future().get();
  pool.run([witness] { FAIL(); });
  std::thread stopper([&] { pool.stop(); });
  while (witness.use_count() != 1) std::this_thread::yield();
  go_on.set_value();
  stopper.join();
  pool.run([witness] { FAIL(); });
  EXPECT_EQ(witness.use_count(), 1);
}

}  // namespace
}  // namespace millstream::io
