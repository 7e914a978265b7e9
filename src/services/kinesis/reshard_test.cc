#include "services/kinesis/reshard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace millstream::kinesis {
namespace {

using ::testing::ElementsAre;

constexpr int64_t kDayMs = 86'400'000;

class Reshard : public ::testing::Test {
 protected:
  static Stream stream_of(int32_t shards) {
    Stream stream;
    stream.created_ms = kDayMs;
    stream.retention_hours = 24;
    EXPECT_TRUE(stream.set_shards(even_shards(shards, stream.created_ms)));
    return stream;
  }
  // Finishes the round; every parent has ten records.
  static void finish(Stream* stream, ReshardRound round, int64_t now_ms = kDayMs + 60'000) {
    const std::vector<uint64_t> ends(round.parents.size(), 11);
    stream->resharding = {std::nullopt, false, now_ms, std::move(round)};
    finish_round(stream, ends, now_ms);
  }
  // Towards `count` open shards, to the end; gives the number of rounds.
  static int scale(Stream* stream, int32_t count) {
    auto first = next_even_round(*stream, count);
    if (!first) return 0;
    stream->resharding = {count, false, kDayMs, std::move(*first)};
    int rounds = 0;
    for (; stream->resharding; ++rounds) {
      finish_round(stream, std::vector<uint64_t>(stream->resharding->round.parents.size(), 1),
                   kDayMs + 1000 * rounds);
    }
    return rounds;
  }
  // "2<0 3<0": the open shards by hash key, each with its parents.
  static std::string open(const Stream& stream) {
    std::string text;
    for (const uint32_t place : stream.open_shards) {
      const Shard& shard = stream.shards[place];
      text += (text.empty() ? "" : " ") + std::to_string(shard.index);
      if (shard.parent) text += "<" + std::to_string(*shard.parent);
      if (shard.adjacent_parent) text += "+" + std::to_string(*shard.adjacent_parent);
    }
    return text;
  }
};

TEST_F(Reshard, ASplitPutsTwoChildrenInThePlaceOfTheirParent) {
  Stream stream = stream_of(2);
  const HashKey middle = stream.shards[0].ending_hash_key / 3;
  finish(&stream, split_round(stream, stream.shards[0], middle));
  EXPECT_EQ(open(stream), "2<0 3<0 1");
  EXPECT_EQ(stream.shard_for(middle - 1).index, 2u);
  EXPECT_EQ(stream.shard_for(middle).index, 3u);
  ASSERT_TRUE(stream.shards[0].closed);
  EXPECT_EQ(stream.shards[0].closed->end_sequence, 11u);
}

TEST_F(Reshard, AMergePutsOneChildInThePlaceOfTwoNeighbours) {
  Stream stream = stream_of(3);
  finish(&stream, merge_round(stream, stream.shards[2], stream.shards[1]));
  EXPECT_EQ(open(stream), "0 3<2+1");
  EXPECT_EQ(stream.shards[3].ending_hash_key, kHashKeyMax);
}

TEST_F(Reshard, AChildsSequenceNumbersAreAboveItsParents) {
  Stream stream = stream_of(1);
  // Sixteen shards later the number's digit for the index is the same or lower.
  for (int i = 0; i < 17; ++i) {
    const Shard& shard = stream.shards[stream.open_shards.back()];
    const std::string parent_start = shard.starting_sequence_number();
    finish(&stream, split_round(stream, shard, kHashKeyMax - 1000 + static_cast<HashKey>(10 * i)));
    const Shard& parent = *stream.shard_at(stream.shards.back().parent.value());
    const std::string child_start = stream.shards.back().starting_sequence_number();
    EXPECT_GT(parent.ending_sequence_number(), parent_start);
    EXPECT_GT(child_start, parent.ending_sequence_number());
  }
}

TEST_F(Reshard, DoublingAndHalvingNeedOneRound) {
  Stream stream = stream_of(2);
  EXPECT_EQ(scale(&stream, 4), 1);
  EXPECT_EQ(open(stream), "2<0 3<0 4<1 5<1");
  EXPECT_EQ(scale(&stream, 2), 1);
  EXPECT_EQ(open(stream), "6<2+3 7<4+5");
  EXPECT_EQ(scale(&stream, 2), 0);
}

TEST_F(Reshard, EveryCountIsReachedWithShardsOfEqualSize) {
  for (int32_t from = 1; from <= 12; ++from) {
    for (int32_t to = (from + 1) / 2; to <= 2 * from; ++to) {
      Stream stream = stream_of(from);
      scale(&stream, to);
      const std::vector<Shard> even = even_shards(to, 0);
      ASSERT_EQ(stream.open_shards.size(), even.size()) << from << " to " << to;
      for (size_t i = 0; i < even.size(); ++i) {
        const Shard& shard = stream.shards[stream.open_shards[i]];
        EXPECT_TRUE(shard.starting_hash_key == even[i].starting_hash_key);
        EXPECT_TRUE(shard.ending_hash_key == even[i].ending_hash_key);
      }
    }
  }
}

TEST_F(Reshard, AClosedShardIsDroppedOnceItsRecordsAreExpired) {
  Stream stream = stream_of(1);
  finish(&stream, split_round(stream, stream.shards[0], kHashKeyMax / 2), kDayMs + 1000);
  EXPECT_FALSE(stream.is_expired(stream.shards[0], 2 * kDayMs + 1000));
  EXPECT_TRUE(stream.is_expired(stream.shards[0], 2 * kDayMs + 1001));
  EXPECT_EQ(stream.find_shard("shardId-000000000000", 2 * kDayMs + 1001), nullptr);
  const Shard& first = stream.shards[stream.open_shards[0]];
  finish(&stream, split_round(stream, first, 1000), 2 * kDayMs + 1001);
  EXPECT_EQ(stream.shard_at(0), nullptr);
  EXPECT_EQ(open(stream), "3<1 4<1 2<0");
}

TEST_F(Reshard, ADocumentKeepsLineageAndWhatIsUnderWay) {
  Stream stream = stream_of(2);
  finish(&stream, merge_round(stream, stream.shards[0], stream.shards[1]));
  stream.resharding = {4, false, kDayMs, *next_even_round(stream, 4)};
  auto read = parse_stream(to_document(stream));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(to_document(*read), to_document(stream));
  EXPECT_EQ(open(*read), "2<0+1");
  EXPECT_EQ(read->shards[0].closed->end_sequence, 11u);
  EXPECT_THAT(read->resharding->round.parents, ElementsAre(2));
  EXPECT_EQ(read->status(kDayMs), "UPDATING");
}

TEST_F(Reshard, ADocumentKeepsTheIndicesOfShardsBehindOneThatWasDropped) {
  Stream stream = stream_of(3);
  finish(&stream, split_round(stream, stream.shards[0], 1000), kDayMs + 1000);
  const Shard& first = stream.shards[stream.open_shards[0]];
  finish(&stream, split_round(stream, first, 500), 2 * kDayMs + 1001);
  EXPECT_EQ(open(stream), "5<3 6<3 4<0 1 2");
  auto read = parse_stream(to_document(stream));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(open(*read), open(stream));
}

TEST_F(Reshard, ADocumentWhoseOpenShardsLeaveAHoleIsRefused) {
  Stream stream = stream_of(3);
  stream.shards.erase(stream.shards.begin() + 1);
  EXPECT_FALSE(parse_stream(to_document(stream)).ok());
}

}  // namespace
}  // namespace millstream::kinesis
