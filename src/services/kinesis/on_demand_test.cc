#include "services/kinesis/on_demand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "base/random.h"

namespace millstream::kinesis {
namespace {

using ::testing::IsEmpty;

// A stream under a load that the test draws, looked at once a second; every plan is followed at
// once. A shard takes 1,000 records a second.
class OnDemand : public ::testing::Test {
 protected:
  OnDemand() { stream_of(4); }

  void stream_of(int32_t shards) {
    stream_ = Stream();
    stream_.on_demand = true;
    stream_.created_ms = now_ms_;
    stream_.retention_hours = 24;
    ASSERT_TRUE(stream_.set_shards(even_shards(shards, now_ms_)));
  }
  // A second with `records` records, each with a hash key from `draw`. Gives how many of them a
  // shard couldn't take.
  int64_t second(int64_t records, const std::function<HashKey()>& draw) {
    std::map<uint32_t, ShardLoad> loads;
    for (int64_t i = 0; i < records; ++i) {
      const HashKey hash = draw();
      loads[stream_.shard_for(hash).index].add(hash, 100, 0.001);
    }
    int64_t refused = 0;
    for (const auto& [shard, load] : loads) {
      refused += std::max<int64_t>(load.records - settings_.shard_records, 0);
    }
    now_ms_ += 1000;
    load_.add(stream_, loads, 1000, now_ms_);
    plan_ = load_.plan(stream_, room_, now_ms_);
    if (plan_.round) {
      stream_.resharding = {std::nullopt, true, now_ms_, *plan_.round};
      finish_round(&stream_, std::vector<uint64_t>(plan_.round->parents.size(), 1), now_ms_);
    }
    return refused;
  }
  void quiet_seconds(int count) {
    for (int i = 0; i < count; ++i) second(0, [] { return HashKey{0}; });
  }
  HashKey anywhere() { return (HashKey{random_.next_u64()} << 64) | random_.next_u64(); }
  // In one 64th of the hash space.
  HashKey within(uint64_t part) { return (HashKey{part} << 122) | (anywhere() >> 6); }

  OnDemandSettings settings_{.quiet_ms = 60'000};
  SeededRandom random_{4711};
  int64_t now_ms_ = 1'700'000'000'000;
  size_t room_ = 1000;
  Stream stream_;
  StreamLoad load_{settings_};
  StreamLoad::Plan plan_;
};

TEST_F(OnDemand, ALoadThatTheShardsCanBearChangesNothing) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(second(1500, [this] { return anywhere(); }), 0);
  EXPECT_EQ(stream_.open_shards.size(), 4u);
}

TEST_F(OnDemand, HotShardsAreSplitUntilNothingIsRefused) {
  int64_t refused = 0;
  for (int i = 0; i < 8; ++i) refused = second(20'000, [this] { return anywhere(); });
  EXPECT_EQ(refused, 0);
  EXPECT_LE(stream_.open_shards.size(), 64u);
}

TEST_F(OnDemand, ASplitLiesWhereTheLoadIsAndNotInTheMiddle) {
  // All of it in the last 64th of the first quarter.
  second(800, [this] { return within(15); });
  ASSERT_TRUE(plan_.round);
  const HashKey cut = plan_.round->children[1].starting_hash_key;
  EXPECT_TRUE(cut > HashKey{15} << 122);
  EXPECT_TRUE(cut < HashKey{16} << 122);
}

TEST_F(OnDemand, AWanderingSkewedLoadIsFollowedWithinTenSeconds) {
  for (uint64_t place = 0; place < 60; place += 15) {
    int64_t refused = 1;
    for (int i = 0; i < 10; ++i) refused = second(5'000, [&] { return within(place); });
    EXPECT_EQ(refused, 0) << "at " << place;
  }
}

TEST_F(OnDemand, ASingleHotKeyIsReportedAndNeverSplit) {
  const HashKey hot = HashKey{3} << 120;
  for (int i = 0; i < 10; ++i) {
    second(3000, [&] { return random_.next_u64() % 100 < 97 ? hot : anywhere(); });
    ASSERT_EQ(plan_.hot_keys.size(), 1u);
    EXPECT_TRUE(plan_.hot_keys[0].hash == hot);
    EXPECT_GT(plan_.hot_keys[0].share, 0.9);
  }
  EXPECT_EQ(stream_.open_shards.size(), 4u);
}

TEST_F(OnDemand, ColdNeighboursAreMergedAfterAQuietTimeDownToTheFewest) {
  for (int i = 0; i < 8; ++i) second(20'000, [this] { return anywhere(); });
  const size_t most = stream_.open_shards.size();
  quiet_seconds(50);
  EXPECT_EQ(stream_.open_shards.size(), most);
  quiet_seconds(600);
  EXPECT_EQ(stream_.open_shards.size(), 4u);
}

TEST_F(OnDemand, ABusyShardIsNotMergedWithAColdNeighbour) {
  stream_of(16);
  for (int i = 0; i < 300; ++i) second(400, [this] { return within(0); });
  const Shard& busy = stream_.shards[stream_.open_shards[0]];
  EXPECT_TRUE(busy.ending_hash_key == even_start(16, 1) - 1);
  EXPECT_LT(stream_.open_shards.size(), 16u);
}

TEST_F(OnDemand, TheAccountsRoomAndTheStreamsMostAreKept) {
  room_ = 2;
  second(20'000, [this] { return anywhere(); });
  EXPECT_EQ(stream_.open_shards.size(), 6u);
  room_ = 0;
  for (int i = 0; i < 5; ++i) second(20'000, [this] { return anywhere(); });
  EXPECT_EQ(stream_.open_shards.size(), 6u);
  EXPECT_THAT(plan_.hot_keys, IsEmpty());
}

TEST_F(OnDemand, SamplesStandForTheWholeLoadHoweverMuchItIs) {
  ShardLoad load;
  for (int i = 0; i < 100'000; ++i) load.add(static_cast<HashKey>(i), 10, 0.001);
  ASSERT_GE(load.samples.size(), ShardLoad::kSamplesMax / 4);
  ASSERT_LT(load.samples.size(), ShardLoad::kSamplesMax);
  size_t low = 0;
  for (const HashKey hash : load.samples) low += hash < 50'000 ? 1 : 0;
  EXPECT_NEAR(static_cast<double>(low) / static_cast<double>(load.samples.size()), 0.5, 0.05);
}

}  // namespace
}  // namespace millstream::kinesis
