#include "lanes/record_index.h"

#include <gtest/gtest.h>

#include <vector>

namespace millstream::lanes {
namespace {

constexpr ShardKey kShard{.stream = 1, .shard = 2};
constexpr ShardKey kOther{.stream = 3, .shard = 4};

class RecordIndexTest : public ::testing::Test {
 protected:
  // Two records in `segment`.
  void add(ShardKey shard, uint64_t sequence, uint64_t segment, int64_t arrival_ms = 1000) {
    index_.add({.shard = shard, .first_sequence = sequence, .arrival_ms = arrival_ms, .count = 2},
               {segment, 512});
  }
  FoundBlocks find(const Wanted& wanted, ReadLimits limits = {}) {
    return index_.find(kShard, wanted, limits);
  }
  static std::vector<uint64_t> sequences(const FoundBlocks& found) {
    std::vector<uint64_t> sequences;
    for (const IndexedBlock& block : found.blocks) sequences.push_back(block.first_sequence);
    return sequences;
  }
  std::vector<ShardKey> changed() {
    std::vector<ShardKey> shards;
    for (const auto& [shard, end] : index_.take_changed_ends()) shards.push_back(shard);
    return shards;
  }

  RecordIndex index_;
};

using Sequences = std::vector<uint64_t>;

TEST_F(RecordIndexTest, AShardThatNobodyWroteToHasNothingAnywhere) {
  const FoundBlocks found = find({});
  EXPECT_TRUE(found.blocks.empty());
  EXPECT_EQ(found.next_sequence, 1u);
  EXPECT_FALSE(found.others_in_files);
}

TEST_F(RecordIndexTest, BlocksAreFoundAcrossSegments) {
  add(kShard, 1, 7);
  add(kShard, 3, 7);
  add(kShard, 5, 8);
  EXPECT_EQ(sequences(find({.sequence = 0})), (Sequences{1, 3, 5}));
  EXPECT_EQ(sequences(find({.sequence = 4})), (Sequences{3, 5}));
  EXPECT_EQ(sequences(find({.sequence = 5})), (Sequences{5}));
  EXPECT_EQ(sequences(find({.sequence = 7})), Sequences{});
  EXPECT_EQ(sequences(find({.sequence = 0}, {.records_max = 3})), (Sequences{1, 3}));
  EXPECT_FALSE(find({}).others_in_files);
}

TEST_F(RecordIndexTest, WhatLeftMemoryMayStandInFiles) {
  add(kShard, 1, 7);
  add(kShard, 3, 8);
  index_.drop_blocks(kShard, 7);
  EXPECT_EQ(sequences(find({.sequence = 1})), Sequences{3});
  EXPECT_TRUE(find({.sequence = 1}).others_in_files);
  EXPECT_TRUE(find({.sequence = 2}).others_in_files);
  EXPECT_FALSE(find({.sequence = 3}).others_in_files);
  EXPECT_FALSE(find({.sequence = 5}).others_in_files);
  index_.drop_blocks(kShard, 8);
  EXPECT_TRUE(find({.sequence = 4}).others_in_files);
  EXPECT_FALSE(find({.sequence = 5}).others_in_files);
  EXPECT_EQ(find({}).next_sequence, 5u);
}

TEST_F(RecordIndexTest, FilesNeedNotBeAskedForWhatIsOlderThanABlockHere) {
  add(kShard, 1, 7, 1000);
  add(kShard, 3, 8, 2000);
  add(kShard, 5, 8, 3000);
  index_.drop_blocks(kShard, 7);
  EXPECT_FALSE(find({.arrival_ms = 2001}).others_in_files);
  EXPECT_EQ(sequences(find({.arrival_ms = 2001})), Sequences{5});
  EXPECT_TRUE(find({.arrival_ms = 2000}).others_in_files);
  // Nor for what came later than all.
  EXPECT_FALSE(find({.arrival_ms = 3001}).others_in_files);
}

TEST_F(RecordIndexTest, FilesNeedNotBeAskedForWhatIsKnownToBeGone) {
  index_.set_end(kShard, {.next_sequence = 9, .last_arrival_ms = 1000});
  EXPECT_TRUE(find({}).others_in_files);
  index_.set_first(kShard, 8);
  EXPECT_TRUE(find({}).others_in_files);
  index_.set_first(kShard, 9);
  EXPECT_FALSE(find({}).others_in_files);
}

TEST_F(RecordIndexTest, AnEndDoesNotGoBack) {
  add(kShard, 5, 7, 2000);
  index_.set_end(kShard, {.next_sequence = 3, .last_arrival_ms = 1000});
  EXPECT_EQ(index_.end(kShard).next_sequence, 7u);
  EXPECT_EQ(index_.end(kShard).last_arrival_ms, 2000);
}

TEST_F(RecordIndexTest, ChangedEndsAreTakenOnceAndAgainAfterTheyArePutBack) {
  add(kShard, 1, 7);
  add(kShard, 3, 7);
  add(kOther, 1, 7);
  const auto taken = index_.take_changed_ends();
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(taken[0].second.next_sequence, 5u);
  EXPECT_TRUE(changed().empty());
  add(kShard, 5, 7);
  EXPECT_EQ(changed(), std::vector{kShard});
  index_.put_back(taken);
  add(kShard, 7, 7);
  EXPECT_EQ(changed(), (std::vector{kShard, kOther}));
}

TEST_F(RecordIndexTest, AForgottenStreamLeavesNothingButThoseThatWait) {
  const ShardKey waited_for{.stream = 1, .shard = 9};
  add(kShard, 1, 7);
  add(kOther, 1, 7);
  const auto waiter = index_.wait(waited_for, 1, [](bool) {});
  ASSERT_TRUE(waiter);
  EXPECT_EQ(index_.forget_stream(1), std::vector{kShard});
  EXPECT_EQ(index_.end(kShard).next_sequence, 1u);
  EXPECT_EQ(index_.end(kOther).next_sequence, 3u);
  EXPECT_EQ(index_.streams().size(), 2u);
  index_.forget(waited_for, *waiter);
  EXPECT_EQ(index_.forget_stream(1), std::vector{waited_for});
  EXPECT_EQ(index_.streams(), std::vector<uint64_t>{3});
  EXPECT_EQ(changed(), std::vector{kOther});
}

}  // namespace
}  // namespace millstream::lanes
