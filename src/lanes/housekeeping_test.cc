#include "lanes/housekeeping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "journal/format.h"
#include "journal/journal.h"
#include "lanes/testing/lanes_fixture.h"

namespace millstream::lanes {
namespace {

// Small segments, so that a few records seal some.
class HousekeepingTest : public ::testing::Test {
 protected:
  static constexpr ShardKey kShort{.stream = 1, .shard = 0};
  static constexpr ShardKey kLong{.stream = 2, .shard = 0};
  static constexpr uint64_t kSegmentBytes = 64u << 10;
  static constexpr size_t kPayloadBytes = 8u << 10;

  Lanes& lanes() { return node_.lanes(); }

  // Appends one large record whose first byte is `mark`.
  void append(ShardKey shard, char mark) {
    auto body = [&](Transaction& transaction) -> Result<int> {
      const auto appended = transaction.append(shard, kPayloadBytes);
      std::memset(appended->payload, mark, kPayloadBytes);
      return 0;
    };
    ASSERT_TRUE(node_.run(lanes().run(node_.home(), lanes().lane_of(shard), body)).ok());
  }
  std::string marks(ShardKey shard) {
    std::string found;
    uint64_t next = 0;
    for (;;) {
      auto batch = node_.run(lanes().read(node_.home(), shard, next, {}));
      if (!batch) return batch.error().message;
      for (const Record& record : batch->records) found += record.payload.front();
      next = batch->next_sequence;
      if (batch->at_tip) return found;
    }
  }
  // Runs background work long enough for a flush and a trim.
  void keep_house() {
    node_.clock().advance_ms(3'600'000);
    const size_t before = segments();
    for (int i = 0; i < 4 && segments() == before; ++i) {
      node_.clock().advance_ms(61'000);
      node_.home().advance_us(1'500'000);
    }
  }
  // Runs background work long enough for index files, and for a flush.
  void tick() {
    node_.clock().advance_ms(31'000);
    node_.home().advance_us(1'500'000);
  }
  // Appends records marked from 'a' on and has all but the newest leave memory.
  void fill(ShardKey shard, char last) {
    for (char mark = 'a'; mark <= last; ++mark) {
      append(shard, mark);
      node_.clock().advance_ms(1000);
    }
    tick();
  }
  std::vector<std::string> index_files() {
    return node_.disk().list(testing::LanesFixture::kIndexDirectory).take();
  }
  // Damages what a segment holds, but for its header.
  void ruin(uint64_t segment) {
    const std::string path = "/data/journal/" + journal::segment_file_name(segment);
    node_.disk().corrupt(path, 512, std::string(node_.disk().contents(path).size() - 512, 'x'));
  }
  // Keys of the state store that tell where shards go on.
  std::vector<std::string> end_keys() {
    std::vector<std::string> keys;
    EXPECT_TRUE(node_.store()
                    .scan({std::string("\0floor/", 7), std::string("\0floor0", 7)},
                          store::Store::Reach::kDisk,
                          [&keys](std::string_view key, std::string_view) {
                            keys.emplace_back(key);
                            return true;
                          })
                    .ok());
    return keys;
  }
  size_t segments() { return node_.journal().segments().size(); }

  testing::LanesFixture node_{1, kSegmentBytes};
};

TEST_F(HousekeepingTest, ASegmentGoesWhenNothingInItIsNeeded) {
  lanes().set_retention(kShort.stream, 1000);
  node_.lanes().start();
  for (char mark = 'a'; mark < 'a' + 12; ++mark) append(kShort, mark);
  const size_t before = segments();
  ASSERT_GT(before, 1u);
  keep_house();
  EXPECT_LT(segments(), before);
  // The sequences of what went are not given out again, in this life or the next.
  EXPECT_EQ(lanes().next_sequence(kShort), 13u);
  node_.restart();
  EXPECT_EQ(lanes().next_sequence(kShort), 13u);
}

TEST_F(HousekeepingTest, AShardWhoseRecordsAllWentGoesOnWithItsSequences) {
  lanes().set_retention(kShort.stream, 1000);
  lanes().set_retention(kLong.stream, 1000);
  node_.lanes().start();
  append(kShort, 'a');
  // Another stream's records push the only one of this shard out of the newest segment.
  for (char mark = 'a'; mark < 'a' + 12; ++mark) append(kLong, mark);
  keep_house();
  node_.restart();
  EXPECT_EQ(lanes().next_sequence(kShort), 2u);
}

TEST_F(HousekeepingTest, AShardGoesOnWithItsSequencesAlthoughAFlushFailed) {
  node_.lanes().start();
  append(kShort, 'a');
  node_.store().refuse_batches(Error{ErrorCode::kIo, "too many open files"});
  tick();
  EXPECT_TRUE(end_keys().empty());
  node_.store().refuse_batches(std::nullopt);
  // The start replays none of the segments in front of the newest.
  fill(kLong, 'z');
  node_.restart();
  EXPECT_EQ(lanes().next_sequence(kShort), 2u);
}

TEST_F(HousekeepingTest, ALongLivedRecordOutlivesItsSegment) {
  lanes().set_retention(kShort.stream, 1000);
  lanes().set_retention(kLong.stream, int64_t{365} * 24 * 3'600'000);
  node_.lanes().start();
  append(kLong, 'L');
  for (char mark = 'a'; mark < 'a' + 12; ++mark) append(kShort, mark);
  const uint64_t used_before = node_.journal().segments().front().bytes;
  keep_house();
  EXPECT_EQ(marks(kLong), "L");
  EXPECT_LT(node_.journal().segments().front().bytes, used_before);
  node_.restart();
  EXPECT_EQ(marks(kLong), "L");
}

TEST_F(HousekeepingTest, ARecordIsKeptUntilItsRetentionEnds) {
  lanes().set_retention(kShort.stream, 2 * 3'600'000);
  node_.lanes().start();
  for (char mark = 'a'; mark < 'a' + 12; ++mark) append(kShort, mark);
  const size_t before = segments();
  ASSERT_GT(before, 1u);
  keep_house();
  EXPECT_EQ(segments(), before);
  EXPECT_EQ(marks(kShort), "abcdefghijkl");
}

TEST_F(HousekeepingTest, AReadWaitsUntilTheIndexKnowsWhereARewrittenSegmentsRecordsStand) {
  for (char mark = 'a'; mark < 'a' + 12; ++mark) append(kShort, mark);
  node_.reopen();  // nothing is in memory
  ASSERT_TRUE(node_.journal()
                  .rewrite_segment(
                      1, [](const journal::FrameView&) { return true; },
                      [](journal::Position, journal::Position) {})
                  .ok());
  std::optional<Result<RecordBatch>> batch;
  node_.start<Result<RecordBatch>>(lanes().read(node_.home(), kShort, 1, {}),
                                   [&batch](Result<RecordBatch> read) { batch = std::move(read); });
  node_.home().advance_us(1'000'000);
  EXPECT_FALSE(batch);
  // Nobody tells the index: in the end the read says so.
  node_.home().advance_us(20'000'000);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->error().code, ErrorCode::kNotFound);
}

TEST_F(HousekeepingTest, EverySealedSegmentGetsAnIndexFile) {
  node_.lanes().start();
  fill(kShort, 'z');
  EXPECT_GE(segments(), 4u);
  EXPECT_EQ(index_files().size(), segments() - 1);
}

TEST_F(HousekeepingTest, RecordsAreReadFromWhereverTheirBlocksStand) {
  node_.lanes().start();
  fill(kShort, 'z');
  append(kLong, 'L');
  std::string expected = "abcdefghijklmnopqrstuvwxyz";
  EXPECT_EQ(marks(kShort), expected);
  EXPECT_EQ(marks(kLong), "L");
  for (uint64_t from = 1; from <= 26; ++from) {
    auto batch = node_.run(lanes().read(node_.home(), kShort, from, {.records_max = 1}));
    ASSERT_TRUE(batch.ok() && batch->records.size() == 1);
    EXPECT_EQ(batch->records[0].sequence, from);
    EXPECT_EQ(batch->records[0].payload.front(), expected[from - 1]);
    EXPECT_EQ(batch->next_sequence, from + 1);
    EXPECT_EQ(node_.run(lanes().first_readable(node_.home(), kShort, from)).take(), from);
    const int64_t arrival_ms = batch->records[0].arrival_ms;
    EXPECT_EQ(node_.run(lanes().sequence_at(node_.home(), kShort, arrival_ms)).take(), from);
    EXPECT_EQ(node_.run(lanes().sequence_at(node_.home(), kShort, arrival_ms - 999)).take(), from);
  }
  EXPECT_EQ(node_.run(lanes().first_readable(node_.home(), kShort, 0)).take(), 1u);
}

TEST_F(HousekeepingTest, RetentionHidesRecordsInFiles) {
  node_.lanes().start();
  fill(kShort, 'z');
  auto fifth = node_.run(lanes().read(node_.home(), kShort, 5, {.records_max = 1}));
  ASSERT_TRUE(fifth.ok());
  lanes().set_retention(kShort.stream, node_.clock().wall_ms() - fifth->records[0].arrival_ms + 1);
  EXPECT_EQ(marks(kShort), "efghijklmnopqrstuvwxyz");
  EXPECT_EQ(node_.run(lanes().first_readable(node_.home(), kShort, 0)).take(), 5u);
  EXPECT_EQ(node_.run(lanes().sequence_at(node_.home(), kShort, 0)).take(), 5u);
  lanes().set_retention(kShort.stream, 1);
  EXPECT_EQ(marks(kShort), "");
  EXPECT_EQ(node_.run(lanes().first_readable(node_.home(), kShort, 0)).take(), 27u);
}

TEST_F(HousekeepingTest, AShardInFewSegmentsIsFound) {
  node_.lanes().start();
  append(kLong, 'K');
  fill(kShort, 'z');
  append(kLong, 'L');
  fill(kShort, 'z');
  append(kLong, 'M');
  fill(kShort, 'z');
  EXPECT_EQ(marks(kLong), "KLM");
  auto second = node_.run(lanes().read(node_.home(), kLong, 2, {}));
  ASSERT_TRUE(second.ok() && !second->records.empty());
  EXPECT_EQ(second->records[0].payload.front(), 'L');
}

TEST_F(HousekeepingTest, AStartReadsNothingInFrontOfTheCheckpoint) {
  node_.lanes().start();
  fill(kShort, 'z');
  ruin(1);
  node_.restart();
  EXPECT_EQ(lanes().next_sequence(kShort), 27u);
  auto newest = node_.run(lanes().read(node_.home(), kShort, 26, {}));
  ASSERT_TRUE(newest.ok() && newest->records.size() == 1);
  EXPECT_EQ(newest->records[0].payload.front(), 'z');
  EXPECT_THAT(marks(kShort), ::testing::HasSubstr("no whole frame"));
}

TEST_F(HousekeepingTest, IndexFilesThatAreGoneAreMadeAgain) {
  node_.lanes().start();
  fill(kShort, 'z');
  std::map<std::string, std::string> before;
  for (const std::string& name : index_files()) {
    before[name] = node_.disk().contents("/data/index/" + name);
    ASSERT_TRUE(node_.disk().remove("/data/index/" + name).ok());
  }
  ASSERT_TRUE(node_.disk().sync_directory("/data/index").ok());
  node_.restart();
  EXPECT_TRUE(index_files().empty());
  EXPECT_EQ(marks(kShort), "abcdefghijklmnopqrstuvwxyz");
  node_.lanes().start();
  tick();
  EXPECT_EQ(index_files().size(), segments() - 1);
  // Those were made from memory, these from the segments.
  for (const auto& [name, bytes] : before) {
    EXPECT_TRUE(node_.disk().contents("/data/index/" + name) == bytes) << name;
  }
}

TEST_F(HousekeepingTest, AStateOfAnEarlierVersionLosesNoSequence) {
  node_.lanes().start();
  fill(kShort, 'z');
  // As it was written when only trimmed shards had an entry.
  const auto batch = node_.store().new_batch();
  const std::string key("\0checkpoint", 11);
  std::string checkpoint = *node_.store().get(key).take();
  checkpoint.pop_back();
  batch->put(key, checkpoint);
  for (const std::string& end : end_keys()) batch->erase(end);
  ASSERT_TRUE(node_.store().apply(*batch).ok());
  ASSERT_TRUE(node_.store().flush().ok());
  node_.restart();
  EXPECT_EQ(lanes().next_sequence(kShort), 27u);
  EXPECT_EQ(marks(kShort), "abcdefghijklmnopqrstuvwxyz");
  node_.lanes().start();
  tick();
  node_.restart();
  EXPECT_EQ(lanes().next_sequence(kShort), 27u);
}

TEST_F(HousekeepingTest, AFlushThatFailedLosesNoSequence) {
  node_.lanes().start();
  append(kLong, 'L');
  node_.store().refuse_batches(Error{ErrorCode::kIo, "too many open files"});
  tick();
  node_.store().refuse_batches(std::nullopt);
  fill(kShort, 'z');
  ASSERT_GT(segments(), 3u);
  node_.restart();
  EXPECT_EQ(lanes().next_sequence(kLong), 2u);
  EXPECT_EQ(marks(kLong), "L");
}

TEST_F(HousekeepingTest, ASegmentIsTrimmedWithoutBeingRead) {
  lanes().set_retention(kShort.stream, 3'600'000);
  node_.lanes().start();
  fill(kShort, 'z');
  const size_t before = segments();
  ruin(1);
  keep_house();
  EXPECT_LT(segments(), before);
  EXPECT_EQ(index_files().size(), segments() - 1);
}

TEST_F(HousekeepingTest, NothingIsKeptOfADeletedStream) {
  lanes().set_retention(kShort.stream, 3'600'000);
  lanes().set_retention(kLong.stream, int64_t{365} * 24 * 3'600'000);
  lanes().set_retention_complete();
  node_.lanes().start();
  append(kLong, 'L');
  fill(kShort, 'z');
  EXPECT_EQ(end_keys().size(), 2u);
  lanes().set_retention(kShort.stream, 0);
  keep_house();
  EXPECT_EQ(end_keys().size(), 1u);
  EXPECT_EQ(lanes().next_sequence(kShort), 1u);
  EXPECT_EQ(marks(kLong), "L");
  for (const journal::SegmentInfo& segment : node_.journal().segments()) {
    EXPECT_TRUE(segment.id == 1 || !segment.sealed || segment.is_empty()) << segment.id;
  }
  EXPECT_EQ(index_files().size(), 1u);
}

TEST_F(HousekeepingTest, AStateThatIsGoneIsMadeAgainFromAWholeJournalOnly) {
  lanes().set_retention(kShort.stream, 1000);
  for (char mark = 'a'; mark < 'a' + 12; ++mark) append(kShort, mark);
  const auto open = [this] {
    store::MemoryStore empty;
    return open_lanes(
        {.index_directory = "/data/other"}, node_.journal(), empty, node_.disk(), {&node_.home()},
        [](Callback work) { work(); }, node_.clock());
  };
  node_.reopen();
  EXPECT_TRUE(open().ok());
  node_.lanes().start();
  lanes().set_retention(kShort.stream, 1000);
  append(kShort, 'z');
  keep_house();
  EXPECT_THAT(open().error().message, ::testing::HasSubstr("the state was deleted"));
}

TEST_F(HousekeepingTest, ASegmentThatTheStateDoesNotCoverIsKept) {
  lanes().set_retention(kShort.stream, 1000);
  node_.lanes().start();
  for (char mark = 'a'; mark < 'a' + 12; ++mark) append(kShort, mark);
  const size_t before = segments();
  ASSERT_GT(before, 1u);
  // A flush that fails, and a trim in front of the next one.
  node_.store().refuse_batches(Error{ErrorCode::kIo, "too many open files"});
  node_.clock().advance_ms(45'000);
  node_.home().advance_us(1'500'000);
  node_.store().refuse_batches(std::nullopt);
  node_.clock().advance_ms(16'000);
  node_.home().advance_us(1'500'000);
  EXPECT_EQ(segments(), before);
  node_.restart();
  EXPECT_EQ(lanes().next_sequence(kShort), 13u);
}

TEST_F(HousekeepingTest, RecordsOfAStreamThatNobodyNamedAreKeptUntilAllAreNamed) {
  node_.lanes().start();
  for (char mark = 'a'; mark < 'a' + 12; ++mark) append(kShort, mark);
  const size_t before = segments();
  keep_house();
  EXPECT_EQ(segments(), before);
  EXPECT_EQ(marks(kShort), "abcdefghijkl");
}

}  // namespace
}  // namespace millstream::lanes
