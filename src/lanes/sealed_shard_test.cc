#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "lanes/lanes.h"
#include "lanes/testing/lanes_fixture.h"
#include "lanes/testing/record_text.h"

namespace millstream::lanes {
namespace {

using ::testing::UnorderedElementsAre;

class SealedShard : public ::testing::Test {
 protected:
  struct Change {
    ShardKey shard;
    std::function<Result<int>(Transaction&)> body;
  };

  static constexpr ShardKey kShard{.stream = 42, .shard = 3};
  static constexpr ShardKey kOther{.stream = 42, .shard = 4};

  Lanes& lanes() { return node_.lanes(); }
  io::Executor& home() { return node_.home(); }

  // Gives the last record's sequence.
  static Change append(std::vector<std::string> payloads, ShardKey shard = kShard) {
    return {shard, [=](Transaction& transaction) -> Result<int> {
              uint64_t last = 0;
              for (const std::string& payload : payloads) {
                const auto appended = transaction.append(shard, payload.size());
                if (!appended) return Error{ErrorCode::kUnavailable, "sealed"};
                std::memcpy(appended->payload, payload.data(), payload.size());
                last = appended->sequence;
              }
              return static_cast<int>(last);
            }};
  }
  static Change seal() {
    return {kShard, [](Transaction& transaction) -> Result<int> {
              return static_cast<int>(transaction.seal(kShard));
            }};
  }
  io::Task<Result<int>> task(Change change) {
    return lanes().run(home(), lanes().lane_of(change.shard), std::move(change.body));
  }
  Result<int> run(Change change) { return node_.run(task(std::move(change))); }
  std::string read(uint64_t sequence) {
    return testing::text_of(node_.run(lanes().read(home(), kShard, sequence, {})));
  }

  testing::LanesFixture node_;
};

TEST_F(SealedShard, ASealedShardKeepsWhatItHoldsAndTakesNoMore) {
  EXPECT_EQ(run(append({"a", "b"})).value(), 2);
  EXPECT_EQ(run(seal()).value(), 3);
  EXPECT_EQ(run(append({"c"})).error().message, "sealed");
  EXPECT_EQ(run(append({"d"}, kOther)).value(), 1);
  EXPECT_EQ(run(seal()).value(), 3);
  EXPECT_EQ(read(1), "1:a 2:b|3*");
}

TEST_F(SealedShard, ASealBetweenPendingAppendsLetsTheFirstInAndAnswersWhenItIsDurable) {
  std::vector<std::string> order;
  const auto note = [&](std::string what) {
    return [&order, what](Result<int> result) {
      order.push_back(what + (result.ok() ? std::to_string(result.value()) : "-"));
    };
  };
  node_.start<Result<int>>(task(append({"a"})), note("append"));
  node_.start<Result<int>>(task(seal()), note("seal"));
  node_.start<Result<int>>(task(append({"b"})), note("late"));
  node_.drive([&] { return order.size() == 3; });
  EXPECT_THAT(order, UnorderedElementsAre("append1", "seal2", "late-"));
  EXPECT_EQ(read(1), "1:a|2*");
}

TEST_F(SealedShard, ASealIsForgottenAtARestartUntilTheEndIsToldAgain) {
  ASSERT_TRUE(run(append({"a"})).ok());
  ASSERT_TRUE(run(seal()).ok());
  node_.restart();
  EXPECT_EQ(run(append({"b"})).value(), 2);
  node_.restart();
  lanes().end_shard(kShard);
  EXPECT_EQ(run(append({"c"})).error().message, "sealed");
  EXPECT_EQ(read(1), "1:a 2:b|3*");
}

TEST_F(SealedShard, TheEndOfAShardEndsTheWaitsForWhatWouldComeBehindIt) {
  ASSERT_TRUE(run(append({"a"})).ok());
  std::optional<bool> there;
  node_.start<bool>(lanes().wait(home(), kShard, 2, 60'000'000), [&](bool is) { there = is; });
  node_.home().run_until_idle();
  ASSERT_TRUE(run(seal()).ok());
  EXPECT_EQ(there, std::nullopt);
  lanes().end_shard(kShard);
  node_.drive([&] { return there.has_value(); });
  EXPECT_EQ(there, false);
  EXPECT_FALSE(node_.run(lanes().wait(home(), kShard, 2, 60'000'000)));
  EXPECT_TRUE(node_.run(lanes().wait(home(), kShard, 1, 60'000'000)));
}

}  // namespace
}  // namespace millstream::lanes
