#include "journal/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journal/format.h"
#include "journal/journal_test_support.h"

namespace millstream::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class JournalTest : public ::testing::Test {
 protected:
  void reopen() {
    journal.reset();
    journal = open_journal(disk, random, options);
    ASSERT_TRUE(journal);
  }

  io::MemoryDisk disk;
  SeededRandom random{7};
  JournalOptions options = small_options();
  std::unique_ptr<Journal> journal = open_journal(disk, random, options);
};

TEST_F(JournalTest, GivesFramesBackInTheOrderOfTheLog) {
  ASSERT_TRUE(commit(*journal, 1, 1, "a").ok());
  ASSERT_TRUE(commit(*journal, 2, 1, "").ok());
  ASSERT_TRUE(commit(*journal, 1, 2, "c").ok());
  reopen();
  Result<std::vector<ReadFrame>> frames = replay(*journal);
  ASSERT_TRUE(frames.ok());
  ASSERT_EQ(frames->size(), 3u);
  EXPECT_EQ((*frames)[1].lane, 2);
  EXPECT_EQ((*frames)[2].number, 2u);
  EXPECT_EQ((*frames)[2].payload, "c");
  EXPECT_EQ((*frames)[2].epoch, 1u);
}

TEST_F(JournalTest, ReplaysFromAPositionOn) {
  Group group;
  for (uint64_t i = 1; i <= 3; ++i) {
    group.begin_frame(5, journal->epoch(), i);
    group.buffer()->append("frame " + std::to_string(i));
    group.end_frame();
  }
  ASSERT_TRUE(submit(*journal, std::move(group)).get().ok());
  Result<CommittedGroup> last = commit(*journal, 5, 4, "frame 4");
  ASSERT_TRUE(last.ok());
  const Position end = journal->end();
  reopen();
  Result<std::vector<ReadFrame>> frames = replay(*journal);
  ASSERT_TRUE(frames.ok());
  EXPECT_THAT(payloads(*journal, (*frames)[1].position),
              ElementsAre("frame 2", "frame 3", "frame 4"));
  EXPECT_THAT(payloads(*journal, last->base), ElementsAre("frame 4"));
  EXPECT_THAT(payloads(*journal, end), IsEmpty());
  EXPECT_EQ(journal->end(), end);
}

TEST_F(JournalTest, ACancelledFrameLeavesNoTrace) {
  Group group;
  group.begin_frame(1, 1, 1);
  group.buffer()->append("kept");
  group.end_frame();
  group.begin_frame(1, 1, 2);
  group.buffer()->append("dropped");
  group.cancel_frame();
  EXPECT_EQ(group.frame_count(), 1u);
  ASSERT_TRUE(submit(*journal, std::move(group)).get().ok());
  EXPECT_THAT(payloads(*journal), ElementsAre("kept"));
}

TEST_F(JournalTest, EveryOpeningHasAHigherEpoch) {
  EXPECT_EQ(journal->epoch(), 1u);
  reopen();
  EXPECT_EQ(journal->epoch(), 2u);
  disk.crash(3);
  reopen();
  EXPECT_EQ(journal->epoch(), 3u);
}

TEST_F(JournalTest, GoesOnInNewSegments) {
  const std::string payload(3000, 'x');
  for (uint64_t i = 1; i <= 20; ++i) ASSERT_TRUE(commit(*journal, 1, i, payload).ok());
  EXPECT_GE(journal->segments().size(), 4u);
  EXPECT_NE(journal->segments()[0].generation, journal->segments()[1].generation);
  reopen();
  ASSERT_TRUE(commit(*journal, 1, 21, "last").ok());
  Result<std::vector<ReadFrame>> frames = replay(*journal);
  ASSERT_TRUE(frames.ok());
  ASSERT_EQ(frames->size(), 21u);
  for (uint64_t i = 0; i < 21; ++i) EXPECT_EQ((*frames)[i].number, i + 1);
}

TEST_F(JournalTest, ReadsAFrameFromMemoryAndFromDisk) {
  const std::string large(9000, 'L');
  Result<CommittedGroup> committed = commit(*journal, 4, 1, large);
  ASSERT_TRUE(committed.ok());
  const Position position{committed->base.segment,
                          committed->base.offset + static_cast<uint32_t>(kGroupHeaderBytes)};
  Journal::OwnedFrame warm = journal->recent(position);
  ASSERT_TRUE(warm.bytes);
  EXPECT_EQ(warm.frame.payload, large);
  reopen();
  EXPECT_FALSE(journal->recent(position).bytes);
  Result<Journal::OwnedFrame> cold = journal->read(position);
  ASSERT_TRUE(cold.ok());
  EXPECT_EQ(cold->frame.payload, large);
  EXPECT_EQ(cold->frame.lane, 4);
  EXPECT_EQ(cold->frame.position, position);
}

TEST_F(JournalTest, RecentFramesStayWithinTheirBound) {
  options.recent_bytes_max = 3000;
  reopen();
  Result<CommittedGroup> first = commit(*journal, 1, 1, std::string(1000, 'a'));
  ASSERT_TRUE(first.ok());
  const Position position{first->base.segment, first->base.offset + 40};
  EXPECT_TRUE(journal->recent(position).bytes);
  for (uint64_t i = 2; i < 6; ++i) {
    ASSERT_TRUE(commit(*journal, 1, i, std::string(1000, 'b')).ok());
  }
  EXPECT_FALSE(journal->recent(position).bytes);
  Result<Journal::OwnedFrame> cold = journal->read(position);
  ASSERT_TRUE(cold.ok());
  EXPECT_EQ(cold->frame.payload, std::string(1000, 'a'));
}

TEST_F(JournalTest, RefusesToReadWhereNoFrameStands) {
  ASSERT_TRUE(commit(*journal, 1, 1, "abc").ok());
  EXPECT_EQ(journal->read({1, 515}).error().code, ErrorCode::kCorruption);
  EXPECT_EQ(journal->read({9, 512}).error().code, ErrorCode::kNotFound);
}

TEST_F(JournalTest, SyncsOnceForAllThatWait) {
  std::vector<std::future<Result<CommittedGroup>>> futures;
  std::promise<void> blocked;
  std::shared_future<void> released = blocked.get_future().share();
  // The disk thread is held in a callback while others queue up.
  journal->submit(one_frame(*journal, 1, 1, "first"),
                  [released](const Result<CommittedGroup>&) { released.wait(); });
  for (uint64_t i = 2; i <= 9; ++i) {
    futures.push_back(submit(*journal, one_frame(*journal, 1, i, "x")));
  }
  const uint64_t before = disk.syncs();
  blocked.set_value();
  for (auto& future : futures) ASSERT_TRUE(future.get().ok());
  EXPECT_LE(disk.syncs() - before, 4u);  // one or two of the log, some of the preparation
  EXPECT_EQ(payloads(*journal).size(), 9u);
}

TEST_F(JournalTest, WithoutDurabilityNothingIsSyncedUntilClose) {
  options.durability = Durability::kNone;
  options.zero_ahead_bytes = 0;
  reopen();
  const uint64_t before = disk.syncs();
  for (uint64_t i = 1; i <= 3; ++i) ASSERT_TRUE(commit(*journal, 1, i, "x").ok());
  EXPECT_EQ(disk.syncs(), before);
  journal->close();
  disk.crash(1);
  reopen();
  EXPECT_EQ(payloads(*journal).size(), 3u);
}

TEST_F(JournalTest, AFailedWritePoisons) {
  options.zero_ahead_bytes = 0;
  reopen();
  ASSERT_TRUE(commit(*journal, 1, 1, "good").ok());
  EXPECT_EQ(journal->poisoned(), "");
  disk.fail_write_after(0);
  EXPECT_EQ(commit(*journal, 1, 2, "lost").error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(journal->poisoned(), HasSubstr("told to fail"));
  EXPECT_EQ(commit(*journal, 1, 2, "later").error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(payloads(*journal), ElementsAre("good"));
}

TEST_F(JournalTest, AFailedSyncPoisons) {
  options.zero_ahead_bytes = 0;
  reopen();
  ASSERT_TRUE(commit(*journal, 1, 1, "good").ok());
  disk.fail_sync_after(0);
  EXPECT_EQ(commit(*journal, 1, 2, "unsynced").error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(commit(*journal, 1, 2, "later").error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(journal->poisoned().empty());
}

// After a failed sync a new process can still read what never reached the disk and what no sync
// would write any more. What it gives out must survive nevertheless.
TEST_F(JournalTest, WhatIsReadAfterARestartSurvivesAPowerLoss) {
  options.zero_ahead_bytes = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    io::MemoryDisk other;
    journal = open_journal(other, random, options);
    ASSERT_TRUE(commit(*journal, 1, 1, "good").ok());
    other.fail_sync_after(0);
    ASSERT_FALSE(commit(*journal, 1, 2, "unsynced").ok());
    journal.reset();
    journal = open_journal(other, random, options);
    const std::vector<std::string> seen = payloads(*journal);
    other.lose_power(seed);
    journal.reset();
    other.restore_power();
    journal = open_journal(other, random, options);
    ASSERT_TRUE(journal) << "seed " << seed;
    EXPECT_EQ(payloads(*journal), seen) << "seed " << seed;
    journal.reset();
  }
}

TEST_F(JournalTest, WithoutDurabilityAPowerLossLeavesALogThatOpens) {
  options.durability = Durability::kNone;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    io::MemoryDisk other;
    journal = open_journal(other, random, options);
    for (uint64_t i = 1; i <= 12; ++i) {
      ASSERT_TRUE(commit(*journal, 1, i, std::string(3000, 'x')).ok());
    }
    other.lose_power(seed);
    journal.reset();
    other.restore_power();
    journal = open_journal(other, random, options);
    ASSERT_TRUE(journal) << "seed " << seed;
    EXPECT_GE(payloads(*journal).size(), 8u) << "whole segments were written, seed " << seed;
    journal.reset();
  }
}

TEST_F(JournalTest, AFailureOfThePreparationPoisons) {
  journal.reset();
  options.directory = "/other";
  options.segment_bytes = 64 << 10;
  // Opening syncs the file EPOCH and its name, the segment and its name; then zeros are written.
  disk.fail_sync_after(4);
  journal = open_journal(disk, random, options);
  ASSERT_TRUE(journal);
  for (uint64_t i = 1; journal->poisoned().empty(); ++i) {
    if (!commit(*journal, 1, i, "x").ok()) break;
  }
  EXPECT_THAT(journal->poisoned(), HasSubstr("told to fail"));
}

TEST_F(JournalTest, AFullDiskRefusesWithoutPoisonAndWithoutAGap) {
  const std::string payload(6000, 'x');
  disk.set_capacity(16 << 10);
  options.zero_ahead_bytes = 0;
  ASSERT_TRUE(commit(*journal, 1, 1, payload).ok());
  ASSERT_TRUE(commit(*journal, 1, 2, payload).ok());
  ASSERT_EQ(commit(*journal, 1, 3, payload).error().code, ErrorCode::kNoSpace);
  EXPECT_EQ(commit(*journal, 1, 4, "would fit, but behind a gap").error().code,
            ErrorCode::kNoSpace);
  EXPECT_TRUE(commit(*journal, 2, 1, "another lane").ok());
  EXPECT_TRUE(commit(*journal, 1, 3, "fits").ok());
  EXPECT_TRUE(commit(*journal, 1, 4, "fits").ok());
  EXPECT_EQ(journal->poisoned(), "");
  disk.set_capacity(UINT64_MAX);
  EXPECT_TRUE(commit(*journal, 1, 5, payload).ok());
  reopen();
  Result<std::vector<ReadFrame>> frames = replay(*journal);
  ASSERT_TRUE(frames.ok());
  EXPECT_EQ(frames->size(), 6u);
}

TEST_F(JournalTest, WithoutDescriptorsAGroupThatNeedsASegmentIsRefusedUntilThereAreSome) {
  const std::string payload(6000, 'x');
  disk.refuse_opens(true);
  ASSERT_TRUE(commit(*journal, 1, 1, payload).ok());
  ASSERT_TRUE(commit(*journal, 1, 2, payload).ok());
  ASSERT_EQ(commit(*journal, 1, 3, payload).error().code, ErrorCode::kNoResources);
  EXPECT_EQ(journal->poisoned(), "");
  disk.refuse_opens(false);
  EXPECT_TRUE(commit(*journal, 1, 3, payload).ok());
  reopen();
  EXPECT_EQ(payloads(*journal).size(), 3u);
}

TEST_F(JournalTest, AGroupLargerThanASegmentIsRefused) {
  EXPECT_EQ(commit(*journal, 1, 1, std::string(16 << 10, 'x')).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_TRUE(commit(*journal, 1, 1, "small").ok());
}

TEST_F(JournalTest, ReportsGroupsInTheOrderOfTheirSubmissionRefusedOnesToo) {
  const std::string payload(6000, 'x');
  disk.set_capacity(16 << 10);
  ASSERT_TRUE(commit(*journal, 1, 1, payload).ok());
  ASSERT_TRUE(commit(*journal, 1, 2, payload).ok());
  ASSERT_EQ(commit(*journal, 1, 3, payload).error().code, ErrorCode::kNoSpace);
  // The first group keeps the disk thread busy, so that the next ones make a batch.
  std::promise<void> gathered;
  std::vector<std::string> reports;
  std::promise<void> reported;
  journal->submit(one_frame(*journal, 2, 1, "a"),
                  [&](const Result<CommittedGroup>&) { gathered.get_future().wait(); });
  const auto note = [&reports](const char* name) {
    return [&reports, name](const Result<CommittedGroup>& done) {
      reports.push_back(name + std::string(done ? " kept" : " refused"));
    };
  };
  journal->submit(one_frame(*journal, 3, 1, "b"), note("b"));
  journal->submit(one_frame(*journal, 1, 4, "c"), note("c"));
  journal->submit(one_frame(*journal, 4, 1, "d"), note("d"));
  journal->submit(one_frame(*journal, 5, 1, "e"),
                  [&](const Result<CommittedGroup>&) { reported.set_value(); });
  gathered.set_value();
  reported.get_future().wait();
  EXPECT_THAT(reports, ElementsAre("b kept", "c refused", "d kept"));
}

TEST_F(JournalTest, AfterCloseNothingIsTaken) {
  journal->close();
  EXPECT_EQ(commit(*journal, 1, 1, "x").error().code, ErrorCode::kUnavailable);
  journal->close();
}

}  // namespace
}  // namespace millstream::journal
