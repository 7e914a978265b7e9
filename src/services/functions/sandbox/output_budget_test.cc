#include "services/functions/sandbox/output_budget.h"

#include <gtest/gtest.h>

namespace millstream::functions {
namespace {

constexpr size_t kSecondsWorth = OutputBudget::kBytesPerSecond;

TEST(OutputBudgetTest, GivesASecondsWorthAtOnceAndThenMakesWait) {
  OutputBudget budget(0);
  EXPECT_EQ(budget.bytes(0), kSecondsWorth);
  EXPECT_EQ(budget.pause_us(), 0);
  budget.spend(kSecondsWorth);
  EXPECT_EQ(budget.bytes(0), 0u);
  const int64_t pause_us = budget.pause_us();
  EXPECT_GT(pause_us, 0);
  EXPECT_GT(budget.bytes(pause_us), 0u);
  EXPECT_EQ(budget.pause_us(), 0);
}

TEST(OutputBudgetTest, IsFullAgainAfterASecondAndNeverFuller) {
  OutputBudget budget(0);
  budget.spend(kSecondsWorth);
  EXPECT_EQ(budget.bytes(500'000), kSecondsWorth / 2);
  EXPECT_EQ(budget.bytes(1'000'000), kSecondsWorth);
  EXPECT_EQ(budget.bytes(INT64_MAX), kSecondsWorth);
}

TEST(OutputBudgetTest, WhatWasReadBeyondItIsPaidBackFirst) {
  OutputBudget budget(0);
  budget.spend(3 * kSecondsWorth / 2);
  EXPECT_EQ(budget.bytes(500'000), 0u);
  EXPECT_EQ(budget.bytes(1'000'000), kSecondsWorth / 2);
}

TEST(OutputBudgetTest, ManySmallStepsOfTimeAddUp) {
  OutputBudget budget(0);
  budget.spend(kSecondsWorth);
  for (int64_t now_us = 1; now_us <= 1'000'000; ++now_us) budget.bytes(now_us);
  EXPECT_NEAR(static_cast<double>(budget.bytes(1'000'000)), static_cast<double>(kSecondsWorth),
              static_cast<double>(kSecondsWorth) / 4);
}

}  // namespace
}  // namespace millstream::functions
