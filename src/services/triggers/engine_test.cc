#include "services/triggers/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/triggers/testing/trigger_fixture.h"

namespace millstream::triggers {
namespace {

using ::testing::ElementsAre;
using testing::function_error;
using ::testing::IsEmpty;
using testing::outcome_of;

constexpr int64_t kHourMs = 3'600'000;

class EngineTest : public testing::TriggerFixture {
 protected:
  EngineTest() { make_stream(2); }

  ::testing::AssertionResult deliveries(size_t count) {
    return until([&] { return invoker.events.size() >= count; });
  }
  ::testing::AssertionResult result_becomes(const std::string& uuid, const std::string& text) {
    return until([&] { return last_result(uuid) == text; });
  }
};

TEST_F(EngineTest, DeliversWhatIsThereAndWhatComesInOrder) {
  put(0, {"a", "b"});
  const std::string uuid = create(wanted());
  ASSERT_TRUE(deliveries(1));
  ASSERT_TRUE(result_becomes(uuid, "OK"));
  put(0, {"c"});
  ASSERT_TRUE(deliveries(2));
  put(0, {"d"});
  ASSERT_TRUE(deliveries(3));
  EXPECT_THAT(delivered(), ElementsAre("a", "b", "c", "d"));
}

TEST_F(EngineTest, SaysThatNothingWasProcessedBeforeTheFirstRecord) {
  const std::string uuid = create(wanted());
  settle();
  EXPECT_EQ(last_result(uuid), "No records processed");
  EXPECT_EQ(engine->find("000000000000", "us-east-1", uuid)->state(), "Enabled");
}

TEST_F(EngineTest, ABatchHoldsAtMostBatchSizeRecords) {
  Mapping mapping = wanted();
  mapping.batch_size = 2;
  put(0, {"1", "2", "3", "4", "5"});
  create(mapping);
  ASSERT_TRUE(deliveries(3));
  EXPECT_EQ(invoker.events[0]["Records"].size(), 2u);
  EXPECT_EQ(invoker.events[2]["Records"].size(), 1u);
  EXPECT_THAT(delivered(), ElementsAre("1", "2", "3", "4", "5"));
}

TEST_F(EngineTest, ABatchStaysBelowSixMegabytes) {
  put(0, std::vector<std::string>(7, std::string(1 << 20, 'x')));
  create(wanted());
  ASSERT_TRUE(deliveries(2));
  EXPECT_EQ(invoker.events[0]["Records"].size(), 4u);
  EXPECT_EQ(invoker.events[1]["Records"].size(), 3u);
}

TEST_F(EngineTest, ARecordThatNoEventCanHoldIsDiscardedAloud) {
  put(0, {"a", std::string(5 << 20, 'x'), "b"});
  const std::string uuid = create(wanted());
  ASSERT_TRUE(deliveries(2));
  EXPECT_THAT(delivered(), ElementsAre("a", "b"));
  EXPECT_THAT(warnings, ::testing::Contains(::testing::HasSubstr("larger than 6 MB")));
  EXPECT_TRUE(result_becomes(uuid, "OK")) << "that of the last batch";
}

TEST_F(EngineTest, LatestMissesNothingPutAfterTheCreation) {
  put(0, {"before"});
  Mapping mapping = wanted();
  mapping.starting_position = "LATEST";
  create(mapping);
  put(0, {"after"});
  put(1, {"other shard"});
  ASSERT_TRUE(deliveries(2));
  EXPECT_THAT(delivered(), ::testing::UnorderedElementsAre("after", "other shard"));
}

TEST_F(EngineTest, LatestIsResolvedAtTheCreationEvenAcrossACrash) {
  put(0, {"before"});
  Mapping mapping = wanted();
  mapping.starting_position = "LATEST";
  mapping.enabled = false;
  const std::string uuid = create(mapping);
  put(0, {"after"});
  restart();
  update(uuid, [](Mapping& changed) { changed.enabled = true; });
  ASSERT_TRUE(deliveries(1));
  EXPECT_THAT(delivered(), ElementsAre("after"));
}

TEST_F(EngineTest, AtTimestampBeginsThere) {
  put(0, {"old"});
  pass_ms(10'000);
  const int64_t from_ms = node.clock().wall_ms();
  put(0, {"new"});
  Mapping mapping = wanted();
  mapping.starting_position = "AT_TIMESTAMP";
  mapping.starting_timestamp_ms = from_ms;
  create(mapping);
  ASSERT_TRUE(deliveries(1));
  EXPECT_THAT(delivered(), ElementsAre("new"));
}

TEST_F(EngineTest, WaitsForTheBatchingWindow) {
  Mapping mapping = wanted();
  mapping.batching_window_s = 10;
  create(mapping);
  put(0, {"a"});
  pass_ms(5'000);
  EXPECT_THAT(delivered(), IsEmpty());
  put(0, {"b"});
  pass_ms(6'000);
  ASSERT_TRUE(deliveries(1));
  EXPECT_EQ(invoker.events[0]["Records"].size(), 2u);
}

TEST_F(EngineTest, AFullBatchDoesNotWaitForTheWindow) {
  Mapping mapping = wanted();
  mapping.batching_window_s = 300;
  mapping.batch_size = 2;
  create(mapping);
  put(0, {"a"});
  settle();
  EXPECT_THAT(delivered(), IsEmpty());
  put(0, {"b"});
  ASSERT_TRUE(deliveries(1));
}

TEST_F(EngineTest, WhatIsTrimmedInTheBatchingWindowDoesNotHoldUpTheWorker) {
  Mapping mapping = wanted();
  mapping.batching_window_s = 60;
  create(mapping);
  put(0, {"a"});
  settle();
  const lanes::ShardKey shard{77, 0};
  auto append = [shard](lanes::Transaction& transaction) -> Result<> {
    const kinesis::RecordPayload payload{"key", "b"};
    kinesis::encode(payload, transaction.append(shard, kinesis::encoded_size(payload))->payload);
    return {};
  };
  // The worker is woken by the record, and finds when it looks that nothing is kept any more.
  node.start<Result<>>(node.lanes().run(node.home(), node.lanes().lane_of(shard), append),
                       [this](Result<> put) {
                         EXPECT_TRUE(put.ok());
                         node.lanes().set_retention(77, 0);
                       });
  settle();
  EXPECT_THAT(invoker.events, IsEmpty());
  pass_ms(60'000);
  ASSERT_TRUE(deliveries(1));
  EXPECT_THAT(delivered(), ElementsAre("a"));
}

TEST_F(EngineTest, AMappingThatIsDisabledInTheBatchingWindowDeliversNothing) {
  Mapping mapping = wanted();
  mapping.batching_window_s = 300;
  const std::string uuid = create(mapping);
  put(0, {"a"});
  pass_ms(5'000);
  update(uuid, [](Mapping& changed) { changed.enabled = false; });
  EXPECT_EQ(engine->find("000000000000", "us-east-1", uuid)->state(), "Disabled");
  pass_ms(301'000);
  EXPECT_THAT(delivered(), IsEmpty());
  update(uuid, [](Mapping& changed) { changed.enabled = true; });
  pass_ms(301'000);
  ASSERT_TRUE(deliveries(1));
  EXPECT_THAT(delivered(), ElementsAre("a"));
}

TEST_F(EngineTest, AMappingThatIsDeletedInTheBatchingWindowEndsAtOnce) {
  Mapping mapping = wanted();
  mapping.batching_window_s = 300;
  const std::string uuid = create(mapping);
  put(0, {"a"});
  pass_ms(5'000);
  ASSERT_TRUE(node.run(engine->remove(node.home(), "000000000000", "us-east-1", uuid)).ok());
  EXPECT_TRUE(until([&] { return engine->running() == 0; }));
  pass_ms(301'000);
  EXPECT_THAT(delivered(), IsEmpty());
}

TEST_F(EngineTest, AChangeInTheBatchingWindowHoldsForWhatWasGathered) {
  Mapping mapping = wanted();
  mapping.batching_window_s = 300;
  const std::string uuid = create(mapping);
  put(0, {"a", "b"});
  pass_ms(5'000);
  update(uuid, [](Mapping& changed) {
    changed.function_name = "other";
    changed.batch_size = 1;
    changed.batching_window_s = 0;
  });
  ASSERT_TRUE(deliveries(2));
  EXPECT_THAT(invoker.functions, ElementsAre("other", "other"));
}

TEST_F(EngineTest, RetriesTheSameBatchBeforeAnythingBehindIt) {
  invoker.answers = {function_error(), function_error()};
  put(0, {"a"});
  const std::string uuid = create(wanted());
  ASSERT_TRUE(deliveries(1));
  ASSERT_TRUE(result_becomes(uuid, "PROBLEM: Function call failed"));
  put(0, {"b"});
  ASSERT_TRUE(pass_until(2'000, [&] { return delivered().size() >= 4; }));
  EXPECT_THAT(delivered(), ElementsAre("a", "a", "a", "b"));
  EXPECT_TRUE(result_becomes(uuid, "OK"));
}

TEST_F(EngineTest, ABrokenShardDoesNotHoldUpTheOthers) {
  invoker.hold = true;
  put(0, {"a"});
  put(1, {"b"});
  create(wanted());
  ASSERT_TRUE(deliveries(2));
  EXPECT_EQ(invoker.most_under_way, 2);
  put(0, {"c"});
  settle();
  EXPECT_EQ(invoker.events.size(), 2u) << "one batch of a shard at a time";
}

TEST_F(EngineTest, GivesABatchUpAfterItsRetries) {
  Mapping mapping = wanted();
  mapping.retry_attempts_max = 2;
  invoker.answers = {function_error(), function_error(), function_error()};
  put(0, {"bad"});
  const std::string uuid = create(mapping);
  ASSERT_TRUE(pass_until(5'000, [&] { return invoker.events.size() >= 3; }));
  put(0, {"good"});
  ASSERT_TRUE(deliveries(4));
  EXPECT_THAT(delivered(), ElementsAre("bad", "bad", "bad", "good"));
  EXPECT_THAT(warnings, ::testing::Contains(::testing::HasSubstr("discarded after 3 failures")));
}

TEST_F(EngineTest, TheResultOfAGivenUpBatchSurvivesARestart) {
  Mapping mapping = wanted();
  mapping.retry_attempts_max = 0;
  invoker.answers = {function_error()};
  put(0, {"bad"});
  const std::string uuid = create(mapping);
  ASSERT_TRUE(deliveries(1));
  settle();
  restart();
  EXPECT_TRUE(result_becomes(uuid, "PROBLEM: Function call failed"));
  EXPECT_EQ(invoker.events.size(), 1u);
}

TEST_F(EngineTest, AThrottledCallCostsNoRetry) {
  Mapping mapping = wanted();
  mapping.retry_attempts_max = 0;
  invoker.answers = {outcome_of(functions::InvokeStatus::kThrottled),
                     outcome_of(functions::InvokeStatus::kThrottled)};
  put(0, {"a"});
  create(mapping);
  ASSERT_TRUE(pass_until(5'000, [&] { return invoker.events.size() >= 3; }));
  settle();
  EXPECT_THAT(delivered(), ElementsAre("a", "a", "a"));
}

TEST_F(EngineTest, DiscardsRecordsThatAreTooOld) {
  Mapping mapping = wanted();
  mapping.record_age_max_s = 60;
  put(0, {"old"});
  pass_ms(70'000);
  put(0, {"new"});
  create(mapping);
  ASSERT_TRUE(deliveries(1));
  EXPECT_THAT(delivered(), ElementsAre("new"));
  EXPECT_THAT(warnings, ::testing::Contains(::testing::HasSubstr("too old")));
}

TEST_F(EngineTest, GivesABatchUpWhenItsRecordsExpire) {
  Mapping mapping = wanted();
  mapping.record_age_max_s = 60;
  invoker.answer_always = function_error();
  put(0, {"bad"});
  create(mapping);
  ASSERT_TRUE(deliveries(1));
  pass_ms(61'000);
  pass_ms(61'000);
  invoker.answer_always.reset();
  put(0, {"good"});
  ASSERT_TRUE(until([&] { return delivered().back() == "good"; }));
}

TEST_F(EngineTest, GivesABatchUpWhenTheStreamHoldsItNoMore) {
  invoker.answer_always = function_error();
  put(0, {"bad"});
  const std::string uuid = create(wanted());
  ASSERT_TRUE(deliveries(1));
  pass_ms(25 * kHourMs);
  ASSERT_TRUE(result_becomes(uuid, "PROBLEM: Records expired before the function processed them"));
  EXPECT_THAT(warnings, ::testing::Contains(::testing::HasSubstr("is discarded")));
  const size_t tries = invoker.events.size();
  pass_ms(kHourMs);
  EXPECT_EQ(invoker.events.size(), tries);
  restart();
  ASSERT_TRUE(result_becomes(uuid, "PROBLEM: Records expired before the function processed them"));
  invoker.answer_always.reset();
  put(0, {"good"});
  ASSERT_TRUE(until([&] { return delivered().back() == "good"; }));
}

TEST_F(EngineTest, GivesABatchUpWhenItsStreamIsGone) {
  invoker.answer_always = function_error();
  put(0, {"bad"});
  const std::string uuid = create(wanted());
  ASSERT_TRUE(deliveries(1));
  delete_stream();
  pass_ms(61'000);
  ASSERT_TRUE(result_becomes(uuid, "PROBLEM: Stream not found"));
  const size_t tries = invoker.events.size();
  pass_ms(kHourMs);
  EXPECT_EQ(invoker.events.size(), tries);
}

TEST_F(EngineTest, TellsOfRecordsThatExpireWhileItIsDisabled) {
  const std::string uuid = create(wanted());
  put(0, {"a"});
  ASSERT_TRUE(result_becomes(uuid, "OK"));
  update(uuid, [](Mapping& mapping) { mapping.enabled = false; });
  put(0, {"b", "c"});
  pass_ms(25 * kHourMs);
  update(uuid, [](Mapping& mapping) { mapping.enabled = true; });
  ASSERT_TRUE(result_becomes(uuid, "PROBLEM: Records expired before the function processed them"));
  EXPECT_THAT(warnings, ::testing::Contains(::testing::HasSubstr("2 records before sequence 4")));
}

TEST_F(EngineTest, TellsOfRecordsThatWereTooOldAlsoAfterARestart) {
  Mapping mapping = wanted();
  mapping.record_age_max_s = 60;
  put(0, {"old"});
  pass_ms(70'000);
  const std::string uuid = create(mapping);
  const std::string expired = "PROBLEM: Records expired before the function processed them";
  ASSERT_TRUE(result_becomes(uuid, expired));
  settle();
  restart();
  EXPECT_TRUE(result_becomes(uuid, expired));
  EXPECT_THAT(delivered(), IsEmpty());
}

TEST_F(EngineTest, DisablingFinishesTheBatchAndStops) {
  invoker.hold = true;
  put(0, {"a"});
  const std::string uuid = create(wanted());
  ASSERT_TRUE(deliveries(1));
  update(uuid, [](Mapping& mapping) { mapping.enabled = false; });
  const auto mapping = engine->find("000000000000", "us-east-1", uuid);
  EXPECT_EQ(mapping->state(), "Disabling");
  invoker.hold = false;
  invoker.release();
  ASSERT_TRUE(until([&] { return mapping->state() == "Disabled"; }));
  put(0, {"b"});
  pass_ms(61'000);
  EXPECT_THAT(delivered(), ElementsAre("a"));
  update(uuid, [](Mapping& changed) { changed.enabled = true; });
  ASSERT_TRUE(deliveries(2));
  EXPECT_THAT(delivered(), ElementsAre("a", "b"));
}

TEST_F(EngineTest, AnUpdateTakesEffectWithTheNextBatch) {
  const std::string uuid = create(wanted());
  put(0, {"a"});
  ASSERT_TRUE(deliveries(1));
  ASSERT_TRUE(result_becomes(uuid, "OK"));
  update(uuid, [](Mapping& mapping) { mapping.function_name = "other"; });
  put(0, {"b"});
  ASSERT_TRUE(pass_until(61'000, [&] { return invoker.events.size() >= 2; }));
  EXPECT_EQ(invoker.functions.back(), "other");
}

TEST_F(EngineTest, DeletingWhileTheFunctionFailsEndsItsWorkers) {
  invoker.answer_always = function_error();
  put(0, {"a"});
  const std::string uuid = create(wanted());
  ASSERT_TRUE(deliveries(1));
  Result<Engine::Changed> removed =
      node.run(engine->remove(node.home(), "000000000000", "us-east-1", uuid));
  ASSERT_TRUE(removed.ok() && removed->mapping);
  EXPECT_FALSE(engine->find("000000000000", "us-east-1", uuid));
  ASSERT_TRUE(until([&] { return engine->running() == 0; }));
  size_t checkpoints = 0;
  ASSERT_TRUE(node.lanes()
                  .scan_now("tc", "td",
                            [&](std::string_view, std::string_view) -> Result<> {
                              ++checkpoints;
                              return {};
                            })
                  .ok());
  EXPECT_EQ(checkpoints, 0u);
}

TEST_F(EngineTest, GoesOnBehindTheCheckpointAfterACrash) {
  put(0, {"a", "b"});
  const std::string uuid = create(wanted());
  ASSERT_TRUE(deliveries(1));
  ASSERT_TRUE(result_becomes(uuid, "OK"));
  restart();
  EXPECT_TRUE(result_becomes(uuid, "OK"));
  put(0, {"c"});
  ASSERT_TRUE(deliveries(2));
  EXPECT_THAT(delivered(), ElementsAre("a", "b", "c"));
}

TEST_F(EngineTest, ABatchWithoutItsCheckpointComesAgainAfterARestart) {
  invoker.answers = {outcome_of(functions::InvokeStatus::kStopped)};
  invoker.hold = true;
  put(0, {"a"});
  create(wanted());
  ASSERT_TRUE(deliveries(1));
  restart();
  ASSERT_TRUE(deliveries(2));
  EXPECT_THAT(delivered(), ElementsAre("a", "a"));
}

TEST_F(EngineTest, TheSameStreamAndFunctionAreJoinedOnce) {
  const std::string uuid = create(wanted());
  const auto stream = streams->find("000000000000", "us-east-1", "flights");
  Result<Engine::Changed> second = node.run(engine->create(node.home(), wanted(), stream));
  ASSERT_TRUE(second.ok());
  EXPECT_FALSE(second->mapping);
  ASSERT_TRUE(second->conflict);
  EXPECT_EQ(second->conflict->uuid, uuid);
  Mapping other = wanted();
  other.function_arn += "2";
  const std::string other_uuid = create(other);
  Result<Engine::Changed> moved = node.run(
      engine->update(node.home(), "000000000000", "us-east-1", other_uuid,
                     [&](Mapping& mapping) { mapping.function_arn = wanted().function_arn; }));
  ASSERT_TRUE(moved.ok());
  EXPECT_EQ(moved->conflict->uuid, uuid);
}

TEST_F(EngineTest, ListsInPages) {
  std::vector<std::string> uuids;
  for (int i = 0; i < 3; ++i) {
    Mapping mapping = wanted();
    mapping.function_arn += std::to_string(i);
    uuids.push_back(create(mapping));
  }
  std::sort(uuids.begin(), uuids.end());
  const auto all = [](const Mapping&) { return true; };
  auto page = engine->list("000000000000", "us-east-1", "", 2, all);
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(page[0]->mapping()->uuid, uuids[0]);
  page = engine->list("000000000000", "us-east-1", uuids[1], 2, all);
  ASSERT_EQ(page.size(), 1u);
  EXPECT_EQ(page[0]->mapping()->uuid, uuids[2]);
  EXPECT_TRUE(engine->list("000000000000", "eu-west-1", "", 2, all).empty());
}

}  // namespace
}  // namespace millstream::triggers
