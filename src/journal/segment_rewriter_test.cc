#include "journal/segment_rewriter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "journal/journal_test_support.h"

namespace millstream::journal {
namespace {

using ::testing::Each;

class SegmentRewriterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options.zero_ahead_bytes = 0;
    journal = open_journal(disk, random, options);
    for (uint64_t i = 1; i <= 60; ++i) {
      ASSERT_TRUE(
          commit(*journal, i % 2, (i + 1) / 2, std::to_string(i) + std::string(700, 'x')).ok());
    }
    ASSERT_TRUE(journal->segments().front().sealed);
  }
  static bool keep_odd(const FrameView& frame) { return frame.lane == 1; }

  std::vector<ReadFrame> frames_of_first() {
    std::vector<ReadFrame> frames;
    Result<> visited = journal->visit_segment(1, [&](const FrameView& frame) -> Result<> {
      frames.push_back(
          {frame.lane, frame.epoch, frame.number, frame.position, std::string(frame.payload)});
      return {};
    });
    EXPECT_TRUE(visited.ok()) << (visited ? "" : visited.error().message);
    return frames;
  }

  io::MemoryDisk disk;
  SeededRandom random{5};
  JournalOptions options = small_options();
  std::unique_ptr<Journal> journal;
};

TEST_F(SegmentRewriterTest, KeepsWhatIsWantedAndTellsWhereItStands) {
  const std::vector<ReadFrame> before = frames_of_first();
  const SegmentInfo old = journal->segments().front();
  std::map<Position, Position> moves;
  ASSERT_TRUE(
      journal->rewrite_segment(1, keep_odd, [&](Position from, Position to) { moves[from] = to; })
          .ok());
  const SegmentInfo rewritten = journal->segments().front();
  EXPECT_LT(rewritten.bytes, old.bytes * 2 / 3);
  EXPECT_NE(rewritten.generation, old.generation);
  const size_t all = replay(*journal)->size();
  for (const ReadFrame& frame : before) {
    ASSERT_EQ(moves.contains(frame.position), frame.lane == 1);
    EXPECT_EQ(journal->read(frame.position).error().code, ErrorCode::kNotFound);
    if (frame.lane != 1) continue;
    Result<Journal::OwnedFrame> read = journal->read(moves[frame.position]);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->frame.number, frame.number);
    EXPECT_EQ(read->frame.payload, frame.payload);
  }
  journal.reset();
  disk.crash(1);
  journal = open_journal(disk, random, options);
  EXPECT_EQ(replay(*journal)->size(), all);
  EXPECT_EQ(journal->segments().front().generation, rewritten.generation);
  EXPECT_EQ(frames_of_first().size(), moves.size());
}

TEST_F(SegmentRewriterTest, APowerLossLeavesTheOldOrTheNewSegment) {
  const size_t all = replay(*journal)->size();
  const size_t first = frames_of_first().size();
  journal.reset();
  size_t old_ones = 0, new_ones = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    io::MemoryDisk copy;
    const Result<std::vector<std::string>> names = disk.list(kDirectory);
    for (const std::string& name : *names) {
      const std::string path = std::string(kDirectory) + "/" + name;
      copy.set_contents(path, disk.contents(path));
    }
    journal = open_journal(copy, random, options);
    copy.lose_power_after(seed % 6, seed);
    const Result<> rewritten = journal->rewrite_segment(1, keep_odd, [](Position, Position) {});
    copy.lose_power(seed);
    journal.reset();
    copy.restore_power();
    journal = open_journal(copy, random, options);
    const size_t left = replay(*journal)->size();
    (left == all ? old_ones : new_ones) += 1;
    if (rewritten) {
      EXPECT_EQ(left, all - first / 2);
    }
    EXPECT_TRUE(left == all || left == all - first / 2) << left;
    journal.reset();
  }
  EXPECT_GT(old_ones, 0u);
  EXPECT_GT(new_ones, 0u);
}

TEST_F(SegmentRewriterTest, OnlySealedSegmentsAreRewrittenOrRemoved) {
  const uint64_t last = journal->segments().back().id;
  const auto nothing = [](Position, Position) {};
  EXPECT_EQ(journal->remove_segment(last).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(journal->rewrite_segment(last, keep_odd, nothing).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(journal->remove_segment(99).error().code, ErrorCode::kNotFound);
}

TEST_F(SegmentRewriterTest, ARemovedSegmentIsGoneForGood) {
  const size_t all = replay(*journal)->size();
  const std::vector<ReadFrame> first = frames_of_first();
  ASSERT_TRUE(journal->remove_segment(1).ok());
  EXPECT_EQ(journal->read(first[0].position).error().code, ErrorCode::kNotFound);
  journal.reset();
  disk.crash(2);
  journal = open_journal(disk, random, options);
  EXPECT_EQ(replay(*journal)->size(), all - first.size());
}

}  // namespace
}  // namespace millstream::journal
