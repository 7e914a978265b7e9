#include "base/budget.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace millstream {
namespace {

using Taker = Budget::Taker;

TEST(Budget, GivesUpToItsAmountAndAgainWhatCameBack) {
  Budget budget(10);
  EXPECT_TRUE(budget.take(6, Taker::kLarge));
  EXPECT_FALSE(budget.take(5, Taker::kLarge));
  EXPECT_TRUE(budget.take(4, Taker::kLarge));
  EXPECT_FALSE(budget.has(1, Taker::kSmall));
  budget.give_back(6);
  EXPECT_TRUE(budget.has(6, Taker::kSmall));
  EXPECT_EQ(budget.used(), 4u);
}

TEST(Budget, KeepsItsReserveForSmallTakers) {
  Budget budget(10, 3);
  EXPECT_FALSE(budget.take(8, Taker::kLarge));
  EXPECT_TRUE(budget.take(7, Taker::kLarge));
  EXPECT_FALSE(budget.take(1, Taker::kLarge));
  EXPECT_TRUE(budget.take(3, Taker::kSmall));
}

TEST(Budget, RefusesWhileMoreIsTakenThanThereIs) {
  Budget budget(10);
  budget.take_always(25);
  EXPECT_FALSE(budget.take(0, Taker::kSmall));
  budget.give_back(20);
  EXPECT_TRUE(budget.take(5, Taker::kSmall));
}

TEST(Budget, NeverGivesMoreThanItHasToManyThreads) {
  Budget budget(100);
  std::atomic<size_t> most{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 10'000; ++round) {
        if (!budget.take(60, Taker::kLarge)) continue;
        size_t seen = most.load();
        while (seen < budget.used() && !most.compare_exchange_weak(seen, budget.used())) {
        }
        budget.give_back(60);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most.load(), 100u);
  EXPECT_EQ(budget.used(), 0u);
}

}  // namespace
}  // namespace millstream
