#include "lanes/lanes.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "base/coding.h"
#include "lanes/testing/lanes_fixture.h"
#include "lanes/testing/record_text.h"

namespace millstream::lanes {
namespace {

class LanesTest : public ::testing::Test {
 protected:
  using Body = std::function<Result<int>(Transaction&)>;

  static constexpr LaneId kLane = 7;
  static constexpr ShardKey kShard{.stream = 42, .shard = 3};

  Lanes& lanes() { return node_.lanes(); }
  io::Executor& home() { return node_.home(); }
  LaneId shard_lane() { return lanes().lane_of(kShard); }

  io::Task<Result<int>> task(Body body, LaneId lane = kLane) {
    return lanes().run(home(), lane, std::move(body));
  }
  Result<int> run(Body body, LaneId lane = kLane) { return node_.run(task(std::move(body), lane)); }
  static Body put(std::string key, std::string value) {
    return [=](Transaction& transaction) -> Result<int> {
      transaction.put(key, value);
      return 0;
    };
  }
  static Body append(std::vector<std::string> payloads, ShardKey shard = kShard) {
    return [=](Transaction& transaction) -> Result<int> {
      uint64_t last = 0;
      for (const std::string& payload : payloads) {
        const auto appended = transaction.append(shard, payload.size());
        if (!appended) return Error{ErrorCode::kUnavailable, "sealed"};
        std::memcpy(appended->payload, payload.data(), payload.size());
        last = appended->sequence;
      }
      return static_cast<int>(last);
    };
  }
  // Lets the background work of the next second happen.
  void tick() {
    node_.home().advance_us(1'000'000);
    node_.home().run_until_idle();
  }
  std::string get(const std::string& key) {
    return node_.run(lanes().get(home(), key)).take().value_or("(none)");
  }
  std::string read(uint64_t sequence, ReadLimits limits = {}, ShardKey shard = kShard) {
    return testing::text_of(node_.run(lanes().read(home(), shard, sequence, limits)));
  }

  testing::LanesFixture node_;
};

// Reads `key` with nothing between the answer and that.
io::Task<std::string> run_then_get(Lanes& lanes, io::Executor& home, LaneId lane,
                                   std::function<Result<int>(Transaction&)> body, std::string key) {
  Result<int> done = co_await lanes.run(home, lane, std::move(body));
  EXPECT_TRUE(done.ok());
  auto value = co_await lanes.get(home, std::move(key));
  co_return value.take().value_or("(none)");
}

TEST_F(LanesTest, ATransactionIsVisibleWhenItIsAnswered) {
  EXPECT_EQ(node_.run(run_then_get(lanes(), home(), kLane, put("a", "1"), "a")), "1");
}

TEST_F(LanesTest, AFailedTransactionLeavesNothing) {
  auto failed = run([](Transaction& transaction) -> Result<int> {
    transaction.put("a", "1");
    transaction.append(kShard, 1)->payload[0] = 'x';
    return Error{ErrorCode::kInvalidArgument, "no"};
  });
  EXPECT_FALSE(failed.ok());
  EXPECT_EQ(get("a"), "(none)");
  EXPECT_EQ(lanes().next_sequence(kShard), 1u);
}

TEST_F(LanesTest, ATransactionSeesItsOwnAndEarlierPendingChanges) {
  std::vector<std::string> seen;
  size_t done = 0;
  const auto finished = [&done](Result<int> result) { done += result.ok() ? 1 : 0; };
  node_.start<Result<int>>(task(put("a", "1")), finished);
  node_.start<Result<int>>(task([&](Transaction& transaction) -> Result<int> {
                             seen.push_back(transaction.get("a").take().value_or("(none)"));
                             transaction.put("a", "2");
                             seen.push_back(transaction.get("a").take().value_or("(none)"));
                             transaction.erase("a");
                             seen.push_back(transaction.get("a").take().value_or("(none)"));
                             return 0;
                           }),
                           finished);
  node_.drive([&done] { return done == 2; });
  EXPECT_EQ(seen, (std::vector<std::string>{"1", "2", "(none)"}));
  EXPECT_EQ(get("a"), "(none)");
}

TEST_F(LanesTest, ArrivalsDoNotGoBackWhenTheClockIsSetWhileRecordsArePending) {
  const auto then_set_back = [this](Transaction& transaction) -> Result<int> {
    transaction.append(kShard, 1)->payload[0] = 'a';
    node_.clock().advance_ms(-3'600'000);
    return 0;
  };
  size_t done = 0;
  const auto finished = [&done](Result<int> result) { done += result.ok() ? 1 : 0; };
  node_.start<Result<int>>(task(then_set_back, shard_lane()), finished);
  node_.start<Result<int>>(task(append({"b"}), shard_lane()), finished);
  node_.drive([&done] { return done == 2; });
  const auto batch = node_.run(lanes().read(home(), kShard, 1, {}));
  ASSERT_TRUE(batch.ok() && batch->records.size() == 2);
  EXPECT_GE(batch->records[1].arrival_ms, batch->records[0].arrival_ms);
}

TEST_F(LanesTest, AScanMergesStoredPendingAndOwnChanges) {
  for (const char* key : {"a", "c", "e"}) ASSERT_TRUE(run(put(key, "stored")).ok());
  std::string seen;
  size_t done = 0;
  const auto finished = [&done](Result<int>) { ++done; };
  node_.start<Result<int>>(task([](Transaction& transaction) -> Result<int> {
                             transaction.put("b", "pending");
                             transaction.erase("c");
                             return 0;
                           }),
                           finished);
  node_.start<Result<int>>(task([&](Transaction& transaction) -> Result<int> {
                             transaction.put("e", "own");
                             transaction.put("f", "own");
                             transaction.put("z", "outside");
                             auto scanned = transaction.scan("a", "z", [&](auto key, auto value) {
                               seen.append(key).append("=").append(value).append(" ");
                               return true;
                             });
                             EXPECT_TRUE(scanned.ok());
                             return 0;
                           }),
                           finished);
  node_.drive([&done] { return done == 2; });
  EXPECT_EQ(seen, "a=stored b=pending e=own f=own ");
}

TEST_F(LanesTest, AnAnswerThatSawAPendingChangeWaitsUntilItIsDurable) {
  // Both are evaluated before anything can have been synced: neither may be answered by then.
  int answered = 0;
  const auto finished = [&answered](Result<int>) { ++answered; };
  const uint64_t syncs_before = node_.disk().syncs();
  uint64_t syncs_at_refusal = 0;
  node_.start<Result<int>>(task(put("a", "1")), finished);
  node_.start<Result<int>>(task([](Transaction& transaction) -> Result<int> {
                             if (transaction.get("a").take()) {
                               return Error{ErrorCode::kAlreadyExists, "there"};
                             }
                             return 0;
                           }),
                           [&](Result<int> result) {
                             EXPECT_FALSE(result.ok());
                             syncs_at_refusal = node_.disk().syncs();
                             ++answered;
                           });
  node_.drive([&answered] { return answered == 2; });
  EXPECT_GT(syncs_at_refusal, syncs_before);
}

TEST_F(LanesTest, WhatArrivesTogetherIsSyncedTogether) {
  const uint64_t syncs_before = node_.disk().syncs();
  size_t done = 0;
  for (int i = 0; i < 100; ++i) {
    node_.start<Result<int>>(task(put("a" + std::to_string(i), "1"), i % 64),
                             [&done](Result<int>) { ++done; });
  }
  node_.drive([&done] { return done == 100; });
  // One sync for nearly all of them; the log's own preparations may add a few.
  EXPECT_LE(node_.disk().syncs() - syncs_before, 20u);
}

TEST_F(LanesTest, TransactionsPastTheBacklogsBoundAreRefusedAndTheOthersHappen) {
  const std::string large(8u << 20, 'x');  // fills the open group
  std::vector<Result<int>> outcomes;
  const size_t count = 1 + testing::LanesFixture::kBacklogMax + 5;
  for (size_t i = 0; i < count; ++i) {
    const std::string key = "k" + std::to_string(i);
    node_.start<Result<int>>(
        task(put(key, i == 0 ? large : "small")),
        [&outcomes](Result<int> done) { outcomes.push_back(std::move(done)); });
  }
  node_.drive([&] { return outcomes.size() == count; });
  size_t refused = 0;
  for (const Result<int>& outcome : outcomes) {
    if (outcome) continue;
    EXPECT_EQ(outcome.error().code, ErrorCode::kOverloaded);
    ++refused;
  }
  EXPECT_EQ(refused, 5u);
  EXPECT_EQ(get("k1"), "small");
  EXPECT_EQ(get("k" + std::to_string(count - 1)), "(none)");
  EXPECT_TRUE(run(put("later", "1")).ok());
}

TEST_F(LanesTest, RecordsAreNumberedInOrderAndReadBack) {
  EXPECT_EQ(run(append({"a", "b"}), shard_lane()).take(), 2);
  EXPECT_EQ(run(append({"c"}), shard_lane()).take(), 3);
  EXPECT_EQ(read(1), "1:a 2:b 3:c|4*");
  EXPECT_EQ(read(2), "2:b 3:c|4*");
  EXPECT_EQ(read(4), "|4*");
  EXPECT_EQ(read(1, {.records_max = 2}), "1:a 2:b|3");
  EXPECT_EQ(read(1, {.bytes_max = 2}), "1:a 2:b|3");
  EXPECT_EQ(read(1, {.bytes_max = 0}), "1:a|2");
  EXPECT_EQ(read(1, {}, {.stream = 9, .shard = 9}), "|1*");
}

TEST_F(LanesTest, PendingRecordsOfAShardAreNumberedOnTogether) {
  size_t done = 0;
  for (const char* payload : {"a", "b", "c"}) {
    node_.start<Result<int>>(task(append({payload}), shard_lane()),
                             [&done](Result<int>) { ++done; });
  }
  node_.drive([&done] { return done == 3; });
  EXPECT_EQ(read(1), "1:a 2:b 3:c|4*");
}

TEST_F(LanesTest, AReaderAtTheTipIsWokenByTheCommit) {
  std::optional<bool> woken;
  node_.start<bool>(lanes().wait(home(), kShard, 1, 1'000'000), [&](bool there) { woken = there; });
  node_.home().run_until_idle();
  EXPECT_FALSE(woken);
  ASSERT_TRUE(run(append({"a"}), shard_lane()).ok());
  node_.drive([&] { return woken.has_value(); });
  EXPECT_TRUE(*woken);
}

TEST_F(LanesTest, AReaderAtTheTipGivesUpAtItsTimeout) {
  std::optional<bool> woken;
  node_.start<bool>(lanes().wait(home(), kShard, 1, 1'000), [&](bool there) { woken = there; });
  node_.home().run_until_idle();
  node_.home().advance_us(1'001);
  ASSERT_TRUE(woken);
  EXPECT_FALSE(*woken);
}

TEST_F(LanesTest, AnObserverIsToldBeforeTheCallerGoesOn) {
  // Registered on a fresh node, for observers come before the first transaction.
  std::vector<std::string> told;
  lanes().observe("k", [&](std::string_view key, std::optional<std::string_view> value) {
    told.push_back(std::string(key) + "=" + std::string(value.value_or("(none)")));
  });
  ASSERT_TRUE(run(put("ka", "1")).ok());
  EXPECT_EQ(told, (std::vector<std::string>{"ka=1"}));
  ASSERT_TRUE(run(put("other", "1")).ok());
  ASSERT_TRUE(run([](Transaction& transaction) -> Result<int> {
                transaction.erase("ka");
                return 0;
              }).ok());
  EXPECT_EQ(told, (std::vector<std::string>{"ka=1", "ka=(none)"}));
}

TEST_F(LanesTest, EverythingAnsweredSurvivesACrash) {
  ASSERT_TRUE(run(put("a", "1")).ok());
  ASSERT_TRUE(run(append({"x", "y"}), shard_lane()).ok());
  node_.restart(/*seed=*/5);
  EXPECT_EQ(get("a"), "1");
  EXPECT_EQ(read(1), "1:x 2:y|3*");
  EXPECT_EQ(run(append({"z"}), shard_lane()).take(), 3);
}

TEST_F(LanesTest, RandomCrashesLoseNothingAnswered) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    const std::string key = "key" + std::to_string(random.next_u64() % 5);
    const std::string value = std::to_string(seed);
    const uint64_t next = lanes().next_sequence(kShard);
    ASSERT_TRUE(run(put(key, value)).ok());
    ASSERT_TRUE(run(append({value}), shard_lane()).ok());
    if (random.next_u64() % 4 == 0) {
      ASSERT_TRUE(node_.stop_lanes().ok());
    }
    node_.restart(seed);
    ASSERT_EQ(get(key), value);
    ASSERT_EQ(read(next),
              std::to_string(next) + ":" + value + "|" + std::to_string(next + 1) + "*");
  }
}

TEST_F(LanesTest, AFailedSyncAnswersNothingAndStopsAllLaterWrites) {
  node_.disk().fail_sync_after(0);
  EXPECT_FALSE(run(put("a", "1")).ok());
  EXPECT_EQ(get("a"), "(none)");
  auto later = run(put("b", "1"));
  ASSERT_FALSE(later.ok());
  EXPECT_EQ(later.error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(lanes().poisoned().empty());
}

TEST_F(LanesTest, AStoreThatIsDamagedStopsAllLaterWritesAndThatIsToldAtOnce) {
  EXPECT_EQ(lanes().poisoned(), "");
  node_.store().refuse_batches(Error{ErrorCode::kCorruption, "the state is damaged"});
  EXPECT_FALSE(run(put("a", "1")).ok());
  EXPECT_EQ(lanes().poisoned(), "the state is damaged");
  node_.store().refuse_batches(std::nullopt);
  EXPECT_EQ(run(put("a", "2")).error().code, ErrorCode::kUnavailable);
}

TEST_F(LanesTest, WhatTheStoreRefusedIsAppliedOnceItTakesIt) {
  node_.lanes().start();
  ASSERT_TRUE(run(put("a", "1")).ok());
  node_.store().refuse_batches(Error{ErrorCode::kIo, "too many open files"});
  EXPECT_EQ(run(put("a", "2")).error().message, "too many open files");
  EXPECT_EQ(run(put("b", "2")).error().message, "too many open files");
  EXPECT_EQ(lanes().poisoned(), "too many open files");
  tick();
  EXPECT_EQ(get("a"), "1");
  EXPECT_FALSE(run(put("b", "3")).ok());

  node_.store().refuse_batches(std::nullopt);
  tick();
  EXPECT_EQ(lanes().poisoned(), "");
  EXPECT_EQ(get("a"), "2");
  EXPECT_EQ(get("b"), "(none)");
  ASSERT_TRUE(run(put("b", "4")).ok());
  node_.restart();
  EXPECT_EQ(get("a"), "2");
  EXPECT_EQ(get("b"), "4");
}

TEST_F(LanesTest, RecordsThatWereRefusedForSpaceLeaveNoGapInTheirShard) {
  ASSERT_TRUE(run(append({"a"}), shard_lane()).ok());
  const std::string large(1u << 20, 'x');
  node_.disk().set_capacity(64u << 20);
  int refused_at = 0;
  for (int i = 0; i < 80 && refused_at == 0; ++i) {
    const Result<int> written = run(put("large", large));
    if (written) continue;
    EXPECT_EQ(written.error().code, ErrorCode::kNoSpace);
    refused_at = i;
  }
  ASSERT_GT(refused_at, 0);
  EXPECT_EQ(lanes().poisoned(), "");
  EXPECT_EQ(run(append({large}), shard_lane()).error().code, ErrorCode::kNoSpace);
  EXPECT_EQ(read(1), "1:a|2*");
  node_.disk().set_capacity(UINT64_MAX);
  EXPECT_EQ(*run(append({"b", "c"}), shard_lane()), 3);
  EXPECT_EQ(read(1), "1:a 2:b 3:c|4*");
  node_.restart();
  EXPECT_EQ(read(1), "1:a 2:b 3:c|4*");
}

TEST_F(LanesTest, SettledComesAfterEveryTransactionThatWasBegunBefore) {
  std::string seen;
  std::optional<Result<>> settled;
  node_.start<Result<int>>(task(put("a", "1")), [](const Result<int>&) {});
  node_.start<Result<>>(lanes().settled(home()), [&](Result<> outcome) {
    seen = node_.store().get("a").take().value_or("(none)");
    settled = std::move(outcome);
  });
  node_.drive([&settled] { return settled.has_value(); });
  EXPECT_TRUE(settled->ok());
  EXPECT_EQ(seen, "1");
  EXPECT_TRUE(node_.run(lanes().settled(home())).ok());
}

TEST_F(LanesTest, ExpiredRecordsAreNotReadAndTheirSequencesNotUsedAgain) {
  lanes().set_retention(kShard.stream, 1000);
  ASSERT_TRUE(run(append({"old"}), shard_lane()).ok());
  node_.clock().advance_ms(600);
  ASSERT_TRUE(run(append({"new"}), shard_lane()).ok());
  node_.clock().advance_ms(500);
  EXPECT_EQ(read(1), "2:new|3*");
  EXPECT_EQ(node_.run(lanes().first_readable(home(), kShard, 0)).take(), 2u);
  node_.clock().advance_ms(500);
  EXPECT_EQ(read(1), "|3*");
  EXPECT_EQ(run(append({"newer"}), shard_lane()).take(), 3);
}

TEST_F(LanesTest, ARecordIsFoundByItsArrival) {
  const int64_t start = node_.clock().wall_ms();
  for (const char* payload : {"a", "b", "c"}) {
    ASSERT_TRUE(run(append({payload}), shard_lane()).ok());
    node_.clock().advance_ms(10);
  }
  const auto at = [&](int64_t ms) {
    return node_.run(lanes().sequence_at(home(), kShard, ms)).take();
  };
  EXPECT_EQ(at(start - 5), 1u);
  EXPECT_EQ(at(start + 10), 2u);
  EXPECT_EQ(at(start + 11), 3u);
  EXPECT_EQ(at(start + 100), 4u);
}

TEST_F(LanesTest, AClockThatGoesBackDoesNotDisorderArrivals) {
  ASSERT_TRUE(run(append({"a"}), shard_lane()).ok());
  node_.clock().advance_ms(-5000);
  ASSERT_TRUE(run(append({"b"}), shard_lane()).ok());
  auto batch = node_.run(lanes().read(home(), kShard, 1, {})).take();
  ASSERT_EQ(batch.records.size(), 2u);
  EXPECT_EQ(batch.records[0].arrival_ms, batch.records[1].arrival_ms);
}

TEST_F(LanesTest, AClockThatGoesBackDoesNotDisorderPendingArrivals) {
  const int64_t now_ms = node_.clock().wall_ms();
  std::optional<Result<int>> first;
  std::optional<Result<int>> second;
  node_.start<Result<int>>(task(append({"a"}), shard_lane()),
                           [&first](Result<int> done) { first = std::move(done); });
  node_.home().run_one();
  node_.clock().advance_ms(-5000);
  node_.start<Result<int>>(task(append({"b"}), shard_lane()),
                           [&second](Result<int> done) { second = std::move(done); });
  node_.drive([&] { return first && second; });
  const auto batch = node_.run(lanes().read(home(), kShard, 1, {}));
  ASSERT_EQ(batch->records.size(), 2u);
  EXPECT_EQ(batch->records[1].arrival_ms, now_ms);
}

TEST_F(LanesTest, LanesSpreadHashesInOrder) {
  LaneId last = 0;
  std::set<LaneId> seen;
  for (uint64_t i = 0; i < 256; ++i) {
    const LaneId lane = lanes().lane_of(i << 56);
    EXPECT_GE(lane, last);
    last = lane;
    seen.insert(lane);
  }
  EXPECT_EQ(seen.size(), lanes().lane_count());
}

TEST(PrefixEndTest, IsTheFirstKeyBehindAllWithThePrefix) {
  EXPECT_EQ(prefix_end("ab"), "ac");
  EXPECT_EQ(prefix_end("a\xff"), "b");
  EXPECT_EQ(prefix_end("\xff"), "");
}

}  // namespace
}  // namespace millstream::lanes
