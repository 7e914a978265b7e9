// Triggers on streams whose shards are split and merged: parents come before their children.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/triggers/testing/trigger_fixture.h"

namespace millstream::triggers {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

using testing::function_error;

using ReshardedTrigger = testing::TriggerFixture;

TEST_F(ReshardedTrigger, DeliversWhatComesIntoTheChildrenOfASplit) {
  make_stream(1);
  create(wanted());
  put(0, {"a"});
  ASSERT_TRUE(until([&] { return delivered().size() == 1; }));
  split(0);
  put(1, {"b"});
  put(2, {"c"});
  ASSERT_TRUE(until([&] { return delivered().size() == 3; }));
  EXPECT_THAT(delivered(), UnorderedElementsAre("a", "b", "c"));
}

TEST_F(ReshardedTrigger, DeliversAParentsRecordsBeforeThoseOfItsChildren) {
  make_stream(2);
  invoker.answers = {function_error(), function_error()};
  put(0, {"a", "b"});
  put(1, {"c"});
  merge(0, 1);
  put(2, {"d"});
  create(wanted());
  ASSERT_TRUE(pass_until(60'000, [&] { return delivered().size() >= 4; }));
  EXPECT_EQ(delivered().back(), "d");
}

TEST_F(ReshardedTrigger, ChildrenWaitForAParentWhoseBatchFails) {
  make_stream(1);
  put(0, {"a"});
  split(0);
  put(1, {"b"});
  invoker.answer_always = function_error();
  create(wanted());
  pass_ms(10'000);
  for (const std::string& data : delivered()) EXPECT_EQ(data, "a");
  invoker.answer_always.reset();
  ASSERT_TRUE(pass_until(120'000, [&] { return delivered().back() == "b"; }));
}

TEST_F(ReshardedTrigger, AFinishedParentStaysFinishedAfterARestart) {
  make_stream(1);
  create(wanted());
  put(0, {"a"});
  ASSERT_TRUE(until([&] { return delivered().size() == 1; }));
  settle();
  split(0);
  settle();
  restart();
  put(2, {"b"});
  ASSERT_TRUE(until([&] { return delivered().size() == 2; }));
  EXPECT_THAT(delivered(), ElementsAre("a", "b"));
}

TEST_F(ReshardedTrigger, LatestBeginsInTheChildrenOfAClosedShard) {
  make_stream(1);
  put(0, {"old"});
  split(0);
  Mapping latest = wanted();
  latest.starting_position = "LATEST";
  create(latest);
  put(1, {"new"});
  ASSERT_TRUE(until([&] { return !delivered().empty(); }));
  split(1);
  put(3, {"newer"});
  ASSERT_TRUE(until([&] { return delivered().size() == 2; }));
  EXPECT_THAT(delivered(), ElementsAre("new", "newer"));
}

TEST_F(ReshardedTrigger, ABatchingWindowEndsAtTheEndOfTheShard) {
  make_stream(1);
  Mapping windowed = wanted();
  windowed.batching_window_s = 300;
  create(windowed);
  put(0, {"a"});
  settle();
  EXPECT_THAT(delivered(), ElementsAre());
  split(0);
  ASSERT_TRUE(until([&] { return delivered().size() == 1; }));
}

// One that would look again and again, without waiting, never gets to the second record.
TEST_F(ReshardedTrigger, ABatchingWindowGoesOnWhenAnotherShardIsFinished) {
  make_stream(2);
  Mapping windowed = wanted();
  windowed.batching_window_s = 300;
  create(windowed);
  put(0, {"a"});
  settle();
  split(1);
  settle();
  EXPECT_THAT(delivered(), ElementsAre());
  put(0, {"b"});
  pass_ms(301'000);
  ASSERT_TRUE(until([&] { return delivered().size() == 2; }));
  EXPECT_EQ(invoker.events.size(), 1u);
}

}  // namespace
}  // namespace millstream::triggers
