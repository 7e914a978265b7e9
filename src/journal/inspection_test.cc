#include "journal/inspection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journal/journal_test_support.h"

namespace millstream::journal {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class InspectionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options.zero_ahead_bytes = 0;
    journal = open_journal(disk, random, options);
    // Lanes 0 and 1 in turn, 5,000 bytes each: three to a segment.
    for (uint64_t i = 0; journal->segments().size() < 4; ++i) {
      ASSERT_TRUE(commit(*journal, i % 2, 1 + i / 2, std::string(5000, 'x')).ok());
    }
    journal.reset();
  }
  static std::string path(uint64_t id) {
    return std::string(kDirectory) + "/" + segment_file_name(id);
  }
  LogReport inspect() {
    Result<LogReport> report = inspect_log(disk, kDirectory);
    EXPECT_TRUE(report.ok()) << (report ? "" : report.error().message);
    return report.take();
  }

  io::MemoryDisk disk;
  SeededRandom random{3};
  JournalOptions options = small_options();
  std::unique_ptr<Journal> journal;
};

TEST_F(InspectionTest, TellsWhatAWholeLogHolds) {
  const LogReport report = inspect();
  EXPECT_THAT(report.damages, IsEmpty());
  EXPECT_EQ(report.epoch->epoch, 1u);
  EXPECT_EQ(report.epoch->first_segment, 1u);
  ASSERT_THAT(report.segments, SizeIs(4));
  const SegmentReport& second = report.segments[1];
  EXPECT_TRUE(second.whole);
  EXPECT_EQ(second.header.first_group, 4u);
  EXPECT_EQ(second.last_group, 6u);
  EXPECT_EQ(second.groups, 3u);
  ASSERT_THAT(second.lanes, SizeIs(2));
  EXPECT_EQ(second.lanes.at(1).frames, 2u);
  EXPECT_EQ(second.lanes.at(1).first_number, 2u);
  EXPECT_EQ(second.lanes.at(1).last_number, 3u);
  EXPECT_EQ(second.lanes.at(1).payload_bytes, 10'000u);
  EXPECT_EQ(report.segments[3].last_group, report.epoch->durable_through);
}

TEST_F(InspectionTest, ChangesNothing) {
  disk.corrupt(path(4), 600, "?");
  const std::string before = disk.contents(path(4));
  const uint64_t writes = disk.writes();
  inspect();
  EXPECT_EQ(disk.writes(), writes);
  EXPECT_EQ(disk.contents(path(4)), before);
}

TEST_F(InspectionTest, SaysWhereAllTheDamageIs) {
  disk.corrupt(path(1), 3000, "?");
  disk.corrupt(path(3), 0, "?");
  disk.corrupt(path(4), 3000, "?");
  const LogReport report = inspect();
  ASSERT_THAT(report.damages, SizeIs(3));
  EXPECT_EQ(report.damages[0].file, path(1));
  EXPECT_EQ(report.damages[0].offset, 512u);
  EXPECT_EQ(report.damages[0].what, "group 1 should stand here");
  EXPECT_EQ(report.damages[1].file, path(3));
  EXPECT_EQ(report.damages[1].offset, 0u);
  EXPECT_EQ(report.damages[2].file, path(4));
  EXPECT_FALSE(report.segments[0].whole);
  EXPECT_TRUE(report.segments[1].whole);
}

TEST_F(InspectionTest, SaysWhatIsMissing) {
  ASSERT_TRUE(disk.remove(path(2)).ok());
  ASSERT_TRUE(disk.remove(std::string(kDirectory) + "/EPOCH").ok());
  const LogReport without_epoch = inspect();
  ASSERT_THAT(without_epoch.damages, SizeIs(1));
  EXPECT_EQ(without_epoch.damages[0].file, std::string(kDirectory) + "/EPOCH");
  ASSERT_TRUE(write_epoch_file(disk, kDirectory, {1, 1, 1}).ok());
  const LogReport report = inspect();
  ASSERT_THAT(report.damages, SizeIs(1));
  EXPECT_EQ(report.damages[0].file, path(2));
}

TEST_F(InspectionTest, ATailThatWasNeverAcknowledgedIsNoDamage) {
  journal = open_journal(disk, random, options);
  const uint32_t end = journal->end().offset;
  disk.fail_write_after(0);  // half of the group is written
  ASSERT_FALSE(commit(*journal, 9, 1, std::string(3000, 't')).ok());
  journal.reset();
  const LogReport report = inspect();
  EXPECT_THAT(report.damages, IsEmpty());
  EXPECT_TRUE(report.segments.back().torn_tail);
  EXPECT_EQ(report.segments.back().used_bytes, end);
}

TEST_F(InspectionTest, RemovedAndRewrittenSegmentsAreWhole) {
  journal = open_journal(disk, random, options);
  ASSERT_TRUE(journal->remove_segment(2).ok());
  ASSERT_TRUE(
      journal
          ->rewrite_segment(
              3, [](const FrameView& frame) { return frame.lane == 1; }, [](Position, Position) {})
          .ok());
  journal.reset();
  const LogReport report = inspect();
  EXPECT_THAT(report.damages, IsEmpty());
  EXPECT_EQ(report.segments[1].groups, 0u);
  EXPECT_THAT(report.segments[2].lanes, SizeIs(1));
}

TEST_F(InspectionTest, ADirectoryWithoutALogIsNotFound) {
  ASSERT_TRUE(disk.make_directories("/empty").ok());
  EXPECT_EQ(inspect_log(disk, "/empty").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace millstream::journal
