#include "lanes/housekeeping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <optional>

#include "journal/journal.h"
#include "lanes/testing/lanes_fixture.h"

namespace millstream::lanes {
namespace {

// Small segments, so that a few records seal some.
class HousekeepingTest : public ::testing::Test {
 protected:
  static constexpr ShardKey kShort{.stream = 1, .shard = 0};
  static constexpr ShardKey kLong{.stream = 2, .shard = 0};
  static constexpr size_t kPayloadBytes = 8u << 20;

  Lanes& lanes() { return node_.lanes(); }

  // Appends one large record whose first byte is `mark`.
  void append(ShardKey shard, char mark) {
    auto body = [&](Transaction& transaction) -> Result<int> {
      const auto appended = transaction.append(shard, kPayloadBytes);
      std::memset(appended.payload, mark, kPayloadBytes);
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
  size_t segments() { return node_.journal().segments().size(); }

  testing::LanesFixture node_;
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
  EXPECT_EQ(lanes().bounds(kShort).next, 13u);
  node_.restart();
  EXPECT_EQ(lanes().bounds(kShort).next, 13u);
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
  EXPECT_EQ(lanes().bounds(kShort).next, 2u);
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

TEST_F(HousekeepingTest, AStateThatIsGoneIsMadeAgainFromAWholeJournalOnly) {
  lanes().set_retention(kShort.stream, 1000);
  for (char mark = 'a'; mark < 'a' + 12; ++mark) append(kShort, mark);
  const auto open = [this] {
    store::MemoryStore empty;
    return open_lanes(
        {}, node_.journal(), empty, {&node_.home()}, [](Callback work) { work(); }, node_.clock());
  };
  node_.reopen();
  EXPECT_TRUE(open().ok());
  node_.lanes().start();
  lanes().set_retention(kShort.stream, 1000);
  append(kShort, 'z');
  keep_house();
  EXPECT_THAT(open().error().message, ::testing::HasSubstr("the state was deleted"));
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
