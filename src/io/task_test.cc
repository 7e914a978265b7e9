#include "io/task.h"

#include <gtest/gtest.h>

#include <array>

#include <memory>
#include <string>

#include "io/manual_executor.h"

namespace millstream::io {
namespace {

Task<int> give(int value) {
  co_return value;
}

Task<int> add(int a, int b) {
  const int first = co_await give(a);
  const int second = co_await give(b);
  co_return first + second;
}

Task<int> later(Executor& executor, int64_t delay_us, int value) {
  co_await sleep_for(executor, delay_us);
  co_return value;
}

Task<> store(Task<int> task, int* to) {
  *to = co_await task;
}

Task<> store_all(std::vector<Task<int>> tasks, std::string* to) {
  const std::vector<int> values = co_await when_all(std::move(tasks));
  for (int value : values) *to += std::to_string(value) + " ";
}

Task<int> take(std::shared_ptr<OneShot<int>> shot) {
  const int value = co_await *shot;
  co_return value;
}

TEST(TaskTest, StartsWhenItIsAwaited) {
  int result = 0;
  spawn(store(add(1, 2), &result));
  EXPECT_EQ(result, 3);
}

TEST(TaskTest, ADroppedTaskNeverRuns) {
  const Task<int> dropped = add(1, 2);
}

TEST(TaskTest, GoesOnWhereATimerFires) {
  ManualExecutor executor;
  int result = 0;
  spawn(store(later(executor, 100, 7), &result));
  executor.advance_us(99);
  EXPECT_EQ(result, 0);
  executor.advance_us(1);
  EXPECT_EQ(result, 7);
}

TEST(WhenAllTest, WaitsForAllAndKeepsTheirOrder) {
  ManualExecutor executor;
  std::string result;
  std::vector<Task<int>> tasks;
  tasks.push_back(later(executor, 30, 1));
  tasks.push_back(give(2));
  tasks.push_back(later(executor, 10, 3));
  spawn(store_all(std::move(tasks), &result));
  executor.advance_us(29);
  EXPECT_EQ(result, "");
  executor.advance_us(1);
  EXPECT_EQ(result, "1 2 3 ");
}

TEST(WhenAllTest, OfNothingIsDoneAtOnce) {
  std::string result = "kept";
  spawn(store_all({}, &result));
  EXPECT_EQ(result, "kept");
}

TEST(OneShotTest, GivesTheFirstValueOnItsExecutor) {
  ManualExecutor executor;
  auto shot = std::make_shared<OneShot<int>>(executor);
  int result = 0;
  spawn(store(take(shot), &result));
  EXPECT_TRUE(shot->set(1));
  EXPECT_FALSE(shot->set(2));
  EXPECT_EQ(result, 0);
  executor.run_until_idle();
  EXPECT_EQ(result, 1);
}

TEST(OneShotTest, AValueThatCameFirstIsTakenAtOnce) {
  ManualExecutor executor;
  auto shot = std::make_shared<OneShot<int>>(executor);
  shot->set(4);
  int result = 0;
  spawn(store(take(shot), &result));
  EXPECT_EQ(result, 4);
}

TEST(CallbackTest, HoldsSmallAndLargeFunctionsAndDestroysThem) {
  auto owned = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = owned;
  std::array<char, 200> ballast{};
  int calls = 0;
  {
    Callback small([owned, &calls] { ++calls; });
    Callback large([owned, ballast, &calls] { calls += ballast[0] + 1; });
    owned.reset();
    small();
    Callback moved = std::move(large);
    EXPECT_FALSE(large);
    moved();
    small = std::move(moved);
    small();
  }
  EXPECT_EQ(calls, 3);
  EXPECT_TRUE(watch.expired());
}

}  // namespace
}  // namespace millstream::io
