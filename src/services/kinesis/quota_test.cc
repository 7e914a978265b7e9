#include "services/kinesis/quota.h"

#include <gtest/gtest.h>

namespace millstream::kinesis {
namespace {

constexpr lanes::ShardKey kShard{7, 3};
constexpr size_t kMiB = 1 << 20;
constexpr int64_t kNow = 1'700'000'000'000;

ShardQuota aws_rates() {
  return ShardQuota(Quotas({}, true));
}

TEST(ShardQuota, TakesAThousandRecordsASecond) {
  ShardQuota quota = aws_rates();
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(quota.try_write(kShard, 1, kNow)) << i;
  EXPECT_FALSE(quota.try_write(kShard, 1, kNow + 999));
  EXPECT_TRUE(quota.try_write({7, 4}, 1, kNow)) << "another shard has a rate of its own";
  EXPECT_TRUE(quota.try_write(kShard, 1, kNow + 1000));
}

TEST(ShardQuota, TakesAMebibyteASecond) {
  ShardQuota quota = aws_rates();
  EXPECT_TRUE(quota.try_write(kShard, kMiB / 2, kNow));
  EXPECT_TRUE(quota.try_write(kShard, kMiB / 2, kNow));
  EXPECT_FALSE(quota.try_write(kShard, 1, kNow));
  EXPECT_TRUE(quota.try_write(kShard, kMiB, kNow + 1000));
}

TEST(ShardQuota, ALargeRecordUsesUpTheSecondsThatItWouldHaveTaken) {
  ShardQuota quota = aws_rates();
  EXPECT_TRUE(quota.try_write(kShard, 4 * kMiB, kNow));
  for (int second = 1; second < 4; ++second) {
    EXPECT_FALSE(quota.try_write(kShard, 1, kNow + second * 1000)) << second;
  }
  EXPECT_TRUE(quota.try_write(kShard, 1, kNow + 4000));
}

TEST(ShardQuota, IsReadFiveTimesASecond) {
  ShardQuota quota = aws_rates();
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(quota.try_read(kShard, kNow));
  EXPECT_FALSE(quota.try_read(kShard, kNow));
  EXPECT_TRUE(quota.try_read(kShard, kNow + 1000));
}

TEST(ShardQuota, TenMebibytesReadBlockFiveSeconds) {
  ShardQuota quota = aws_rates();
  EXPECT_TRUE(quota.try_read(kShard, kNow));
  quota.count_read(kShard, 10 * kMiB, kNow);
  for (int second = 0; second < 5; ++second) {
    EXPECT_FALSE(quota.try_read(kShard, kNow + second * 1000)) << second;
  }
  EXPECT_TRUE(quota.try_read(kShard, kNow + 5000));
}

TEST(ShardQuota, ASmallReadBlocksNothing) {
  ShardQuota quota = aws_rates();
  EXPECT_TRUE(quota.try_read(kShard, kNow));
  quota.count_read(kShard, kMiB, kNow);
  EXPECT_TRUE(quota.try_read(kShard, kNow));
}

TEST(Quotas, AShardLimitThatIsSetHoldsInEveryRegion) {
  const Quotas defaults({}, false);
  EXPECT_EQ(defaults.shards("us-east-1"), 20'000);
  EXPECT_EQ(defaults.shards("eu-central-1"), 1000);
  const Quotas set({{"kinesis.shards", 5}}, false);
  EXPECT_EQ(set.shards("us-east-1"), 5);
  EXPECT_EQ(set.shards("eu-central-1"), 5);
  EXPECT_EQ(set[Quota::kTags], 50);
}

}  // namespace
}  // namespace millstream::kinesis
