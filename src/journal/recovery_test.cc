#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/coding.h"
#include "base/digest.h"
#include "journal/epoch_file.h"
#include "journal/format.h"
#include "journal/journal_test_support.h"

namespace millstream::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A journal without preparation ahead, so that only the test and the disk thread touch the disk.
class RecoveryTest : public ::testing::Test {
 protected:
  RecoveryTest() { options.zero_ahead_bytes = 0; }

  void write(uint64_t first, uint64_t last) {
    for (uint64_t i = first; i <= last; ++i) {
      ASSERT_TRUE(commit(*journal, 1, i, "frame " + std::to_string(i)).ok());
    }
  }
  void open() {
    journal = open_journal(disk, random, options);
    ASSERT_TRUE(journal);
  }
  Error open_error() {
    Result<std::unique_ptr<Journal>> opened = Journal::open(options, disk, threads, random);
    return opened ? Error{ErrorCode::kUnsupported, "it opened"} : opened.take_error();
  }

  io::MemoryDisk disk;
  SeededRandom random{11};
  JournalOptions options = small_options();
  std::unique_ptr<Journal> journal = open_journal(disk, random, [] {
    JournalOptions quiet = small_options();
    quiet.zero_ahead_bytes = 0;
    return quiet;
  }());
};

TEST_F(RecoveryTest, CutsATornTailAndGoesOnBehindIt) {
  write(1, 2);
  const uint32_t torn_at = journal->end().offset;
  disk.fail_write_after(0);  // half of the group is written
  EXPECT_FALSE(commit(*journal, 1, 3, std::string(2000, 't')).ok());
  journal.reset();
  EXPECT_NE(disk.contents(first_segment()).substr(torn_at, 500), std::string(500, '\0'));
  open();
  EXPECT_THAT(payloads(*journal), ElementsAre("frame 1", "frame 2"));
  EXPECT_EQ(journal->end().offset, torn_at);
  EXPECT_EQ(disk.contents(first_segment()).find('t', torn_at), std::string::npos);
  write(3, 3);
  disk.crash(4);
  journal.reset();
  open();
  EXPECT_THAT(payloads(*journal), ElementsAre("frame 1", "frame 2", "frame 3"));
}

TEST_F(RecoveryTest, StaleBytesBehindATornGroupNeverComeBack) {
  write(1, 1);
  // Two groups in one batch; the power goes and only the second of them is on the disk.
  std::promise<void> blocked;
  std::shared_future<void> released = blocked.get_future().share();
  journal->submit(one_frame(*journal, 1, 2, "frame 2"),
                  [released](const Result<CommittedGroup>&) { released.wait(); });
  auto third = submit(*journal, one_frame(*journal, 1, 3, "frame 3"));
  auto fourth = submit(*journal, one_frame(*journal, 1, 4, "frame 4"));
  blocked.set_value();
  ASSERT_TRUE(third.get().ok());
  ASSERT_TRUE(fourth.get().ok());
  disk.lose_power(1);
  journal.reset();
  disk.restore_power();
  disk.corrupt(first_segment(), 512 + 2 * 512, std::string(512, '\0'));
  open();
  EXPECT_THAT(payloads(*journal), ElementsAre("frame 1", "frame 2"));
  write(3, 3);
  journal.reset();
  open();
  // The new third frame is as long as the old one: the old fourth would follow it without a gap.
  EXPECT_THAT(payloads(*journal), ElementsAre("frame 1", "frame 2", "frame 3"));
}

TEST_F(RecoveryTest, RefusesDamageInTheMiddleAndSaysWhere) {
  write(1, 5);
  const uint32_t end = journal->end().offset;
  disk.lose_power(1);
  journal.reset();
  disk.restore_power();
  disk.corrupt(first_segment(), 512 + 2 * 512 + 70, "?");
  const std::string before = disk.contents(first_segment());
  const Error error = open_error();
  EXPECT_EQ(error.code, ErrorCode::kCorruption);
  EXPECT_THAT(error.message, HasSubstr("00000000000000000001.segment is damaged at byte 1536"));
  EXPECT_EQ(disk.contents(first_segment()), before) << "the evidence must stay";
  EXPECT_GT(end, 1536u);
}

// As a disk does that writes to the wrong place.
TEST_F(RecoveryTest, RefusesAGroupThatStandsInThePlaceOfAnother) {
  write(1, 5);
  disk.lose_power(1);
  journal.reset();
  disk.restore_power();
  const std::string second = disk.contents(first_segment()).substr(512 + 512, 512);
  disk.corrupt(first_segment(), 512 + 2 * 512, second);
  EXPECT_THAT(open_error().message, HasSubstr("damaged at byte 1536"));
}

// Clients choose what a record holds.
TEST_F(RecoveryTest, APayloadThatLooksLikeAGroupProvesNothing) {
  write(1, 2);
  GroupHeader forged;
  forged.number = forged.synced_through = 1000;
  std::string payload(2000, 'x');
  // It begins behind the headers of group and frame; groups are looked for at multiples of 512.
  encode_group_header(forged, 0, &payload[512 - kGroupHeaderBytes - kFrameHeaderBytes]);
  disk.fail_write_after(0);  // half of the group is written
  EXPECT_FALSE(commit(*journal, 1, 3, payload).ok());
  const uint32_t torn_at = journal->end().offset;
  journal.reset();
  ASSERT_EQ(disk.contents(first_segment()).substr(torn_at + 512, 4), "!GRP");
  open();
  EXPECT_THAT(payloads(*journal), ElementsAre("frame 1", "frame 2"));
}

TEST_F(RecoveryTest, RefusesALogWhoseLastGroupVanishedAfterACleanClose) {
  write(1, 2);
  journal.reset();
  disk.corrupt(first_segment(), 1024, std::string(512, '\0'));
  EXPECT_EQ(open_error().code, ErrorCode::kCorruption);
}

TEST_F(RecoveryTest, RefusesADirectoryThatLostItsSegments) {
  write(1, 2);
  journal.reset();
  ASSERT_TRUE(disk.remove(first_segment()).ok());
  EXPECT_THAT(open_error().message, HasSubstr("lost its segments"));
}

// Writes so much that there are five segments.
class SegmentsTest : public RecoveryTest {
 protected:
  void SetUp() override {
    for (uint64_t i = 1; journal->segments().size() < 5; ++i) {
      ASSERT_TRUE(commit(*journal, 1, i, std::to_string(i) + std::string(5000, 'x')).ok());
    }
  }
  static std::string path(uint64_t id) {
    return std::string(kDirectory) + "/" + segment_file_name(id);
  }
  std::vector<uint64_t> ids() {
    std::vector<uint64_t> found;
    for (const SegmentInfo& segment : journal->segments()) found.push_back(segment.id);
    return found;
  }
};

TEST_F(SegmentsTest, RefusesALogOfWhichASegmentIsMissing) {
  journal.reset();
  for (const uint64_t id : {1, 3}) {
    const std::string contents = disk.contents(path(id));
    ASSERT_TRUE(disk.remove(path(id)).ok());
    const Error error = open_error();
    EXPECT_EQ(error.code, ErrorCode::kCorruption);
    EXPECT_THAT(error.message, HasSubstr(path(id) + " is missing"));
    disk.set_contents(path(id), contents);
  }
  open();
}

TEST_F(SegmentsTest, RemovedSegmentsLeaveNoGap) {
  const size_t all = payloads(*journal).size();
  ASSERT_TRUE(journal->remove_segment(3).ok());
  ASSERT_TRUE(journal->remove_segment(2).ok());
  EXPECT_EQ(ids(), (std::vector<uint64_t>{1, 2, 3, 4, 5}));
  const size_t left = payloads(*journal).size();
  EXPECT_LT(left, all);
  journal.reset();
  open();
  EXPECT_EQ(payloads(*journal).size(), left);
  ASSERT_TRUE(journal->remove_segment(3).ok());
  ASSERT_TRUE(journal->remove_segment(1).ok());
  EXPECT_EQ(ids(), (std::vector<uint64_t>{4, 5}));
  journal.reset();
  open();
  EXPECT_EQ(ids(), (std::vector<uint64_t>{4, 5}));
}

TEST_F(SegmentsTest, APowerLossDuringARemovalLeavesALogThatOpens) {
  journal.reset();
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    io::MemoryDisk copy;
    const Result<std::vector<std::string>> names = disk.list(kDirectory);
    for (const std::string& name : *names) {
      const std::string file = std::string(kDirectory) + "/" + name;
      copy.set_contents(file, disk.contents(file));
    }
    journal = open_journal(copy, random, options);
    copy.lose_power_after(seed % 12, seed);
    bool removed = true;
    for (const uint64_t id : {2, 1}) removed = removed && journal->remove_segment(id).ok();
    copy.lose_power(seed);
    journal.reset();
    copy.restore_power();
    journal = open_journal(copy, random, options);
    ASSERT_TRUE(journal) << "seed " << seed;
    if (removed) {
      EXPECT_EQ(ids(), (std::vector<uint64_t>{3, 4, 5}));
    }
    journal.reset();
  }
}

TEST_F(SegmentsTest, ALogOfTheEarlierFormatOpensWithTheGapsThatItHas) {
  journal.reset();
  ASSERT_TRUE(disk.remove(path(2)).ok());
  std::string old("MLEPCH1\0", 8);
  append_little(uint32_t{7}, &old);
  append_little(uint64_t{1}, &old);
  append_little(crc32c(old), &old);
  disk.set_contents(std::string(kDirectory) + "/EPOCH", old);
  for (int i = 0; i < 2; ++i) {
    open();
    EXPECT_EQ(ids(), (std::vector<uint64_t>{1, 3, 4, 5}));
    EXPECT_EQ(journal->epoch(), 8u + i);
    journal.reset();
  }
}

TEST_F(SegmentsTest, RefusesASegmentOfALaterFormat) {
  journal.reset();
  std::string header = disk.contents(path(5)).substr(0, kSegmentHeaderBytes);
  header[8] = 2;
  store_little(crc32c(header.substr(0, kSegmentHeaderBytes - 4)), &header[kSegmentHeaderBytes - 4]);
  disk.corrupt(path(5), 0, header);
  const Error error = open_error();
  EXPECT_EQ(error.code, ErrorCode::kUnsupported);
  EXPECT_THAT(error.message, HasSubstr("later Millstream"));
}

TEST_F(RecoveryTest, RefusesADirectoryWithoutItsEpoch) {
  write(1, 2);
  journal.reset();
  ASSERT_TRUE(disk.remove(std::string(kDirectory) + "/EPOCH").ok());
  EXPECT_THAT(open_error().message, HasSubstr("EPOCH is missing"));
}

TEST_F(RecoveryTest, ReplayRefusesDamageInASealedSegment) {
  for (uint64_t i = 1; i <= 10; ++i) {
    ASSERT_TRUE(commit(*journal, 1, i, std::string(3000, 'x')).ok());
  }
  journal.reset();
  disk.corrupt(first_segment(), 5000, "?");
  open();  // only the last segment is read
  Result<std::vector<ReadFrame>> frames = replay(*journal);
  ASSERT_FALSE(frames.ok());
  EXPECT_EQ(frames.error().code, ErrorCode::kCorruption);
  EXPECT_THAT(frames.error().message, HasSubstr("00000000000000000001.segment"));
}

// What the log says: every frame, or that it is damaged.
std::optional<std::vector<std::string>> contents_of_log(io::Disk& disk, Random& random,
                                                        const JournalOptions& options) {
  Result<std::unique_ptr<Journal>> journal = Journal::open(options, disk, threads, random);
  if (!journal) {
    EXPECT_EQ(journal.error().code, ErrorCode::kCorruption) << journal.error().message;
    return std::nullopt;
  }
  Result<std::vector<ReadFrame>> frames = replay(**journal);
  if (!frames) {
    EXPECT_EQ(frames.error().code, ErrorCode::kCorruption) << frames.error().message;
    return std::nullopt;
  }
  std::vector<std::string> found;
  for (const ReadFrame& frame : *frames) {
    found.push_back(std::to_string(frame.lane) + ":" + std::to_string(frame.number) + ":" +
                    std::to_string(frame.epoch) + ":" + frame.payload);
  }
  return found;
}

using Files = std::vector<std::pair<std::string, std::string>>;

Files files_of(io::MemoryDisk& disk) {
  Files files;
  const Result<std::vector<std::string>> names = disk.list(kDirectory);
  for (const std::string& name : *names) {
    const std::string path = std::string(kDirectory) + "/" + name;
    files.emplace_back(path, disk.contents(path));
  }
  return files;
}

std::unique_ptr<io::MemoryDisk> disk_with(const Files& files) {
  auto disk = std::make_unique<io::MemoryDisk>();
  for (const auto& [path, bytes] : files) disk->set_contents(path, bytes);
  return disk;
}

TEST_F(RecoveryTest, EveryFlippedByteOfAClosedLogIsDetectedOrHarmless) {
  journal.reset();
  io::MemoryDisk small;
  options.segment_bytes = 4 << 10;
  {
    std::unique_ptr<Journal> filled = open_journal(small, random, options);
    for (uint64_t i = 1; i <= 12; ++i) {
      ASSERT_TRUE(commit(*filled, i % 3, 1 + i / 3, std::string(20 * i, 'a')).ok());
    }
  }
  const Files files = files_of(small);
  const auto truth = contents_of_log(*disk_with(files), random, options);
  ASSERT_TRUE(truth);
  ASSERT_EQ(truth->size(), 12u);
  int detected = 0;
  for (size_t file = 0; file < files.size(); ++file) {
    for (size_t at = 0; at < files[file].second.size(); ++at) {
      Files damaged = files;
      damaged[file].second[at] ^= static_cast<char>(1 << (at % 8));
      const auto seen = contents_of_log(*disk_with(damaged), random, options);
      detected += !seen;
      if (!seen) continue;
      ASSERT_EQ(*seen, *truth) << files[file].first << " byte " << at;
    }
  }
  EXPECT_GT(detected, 1000);
}

TEST_F(RecoveryTest, RandomBytesNeverCrashItNorMakeFramesUp) {
  write(1, 6);
  journal.reset();
  const Files files = files_of(disk);
  const auto truth = contents_of_log(*disk_with(files), random, options);
  ASSERT_TRUE(truth);
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 dice(seed);
  for (int round = 0; round < 500; ++round) {
    Files damaged = files;
    std::string& bytes = damaged[dice() % damaged.size()].second;
    const size_t from = dice() % bytes.size();
    const size_t count = dice() % 4 == 0 ? bytes.size() : 1 + dice() % 700;
    for (size_t i = from; i < std::min(from + count, bytes.size()); ++i) {
      bytes[i] = static_cast<char>(dice());
    }
    if (dice() % 8 == 0) bytes.resize(dice() % bytes.size());
    const auto seen = contents_of_log(*disk_with(damaged), random, options);
    if (!seen) continue;
    ASSERT_EQ(*seen, *truth) << "round " << round;
  }
}

}  // namespace
}  // namespace millstream::journal
