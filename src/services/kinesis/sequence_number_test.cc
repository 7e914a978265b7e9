#include "services/kinesis/sequence_number.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "services/kinesis/hash_key.h"

namespace millstream::kinesis {
namespace {

TEST(SequenceNumberTest, HasTheLayoutOfAwsNumbers) {
  // 0x2 050deca91 0 0000000000000007 00 050deca95 00000000 2, in decimal.
  const std::string text = to_text({.shard_created_seconds = 0x050deca91,
                                    .shard_index = 0,
                                    .sequence = 7,
                                    .arrival_seconds = 0x050deca95});
  EXPECT_EQ(text.size(), 56u);
  const auto number = parse_sequence_number(text);
  ASSERT_TRUE(number);
  EXPECT_EQ(number->sequence, 7u);
  EXPECT_EQ(number->arrival_seconds, 0x050deca95);
}

TEST(SequenceNumberTest, ReadsANumberThatAwsGave) {
  // From AWS's documentation.
  const auto number =
      parse_sequence_number("49543463076548007577105092703039560359975228518395012686");
  EXPECT_FALSE(number);  // its last digit is another version
  const auto starting =
      parse_sequence_number("49546986683135544286507457936321625675700192471156785154");
  ASSERT_TRUE(starting);
  EXPECT_EQ(to_text(*starting), "49546986683135544286507457936321625675700192471156785154");
}

TEST(SequenceNumberTest, ComesBackWholeAndRisesWithTheSequence) {
  constexpr uint64_t kSeed = 7;
  SeededRandom random(kSeed);
  SCOPED_TRACE(kSeed);
  std::string last;
  for (uint64_t sequence = 1; sequence < 2000; ++sequence) {
    const SequenceNumber number{
        .shard_created_seconds = 1'700'000'000,
        .shard_index = 99'999,
        .sequence = sequence,
        .arrival_seconds = static_cast<int64_t>(random.next_u64() % 4'000'000'000)};
    const std::string text = to_text(number);
    ASSERT_EQ(parse_sequence_number(text), number);
    ASSERT_LT(last, text);
    last = text;
  }
}

TEST(SequenceNumberTest, RefusesOtherNumbers) {
  for (const char* text :
       {"", "0", "1", "12x", "49543463076548007577105092703039560359975228518395",
        "999999999999999999999999999999999999999999999999999999999",
        "99999999999999999999999999999999999999999999999999999999999999"}) {
    EXPECT_FALSE(parse_sequence_number(text)) << text;
  }
}

TEST(HashKeyTest, IsTheMd5OfThePartitionKey) {
  EXPECT_EQ(to_decimal(hash_of_partition_key("a")), "16955237001963240173058271559858726497");
}

TEST(HashKeyTest, ReadsTheWholeRangeAndNoMore) {
  EXPECT_EQ(to_decimal(kHashKeyMax), "340282366920938463463374607431768211455");
  EXPECT_EQ(parse_hash_key("340282366920938463463374607431768211455"), kHashKeyMax);
  EXPECT_FALSE(parse_hash_key("340282366920938463463374607431768211456"));
  EXPECT_EQ(parse_hash_key("0"), HashKey{0});
  EXPECT_FALSE(parse_hash_key("01"));
  EXPECT_FALSE(parse_hash_key(""));
  EXPECT_FALSE(parse_hash_key("-1"));
}

}  // namespace
}  // namespace millstream::kinesis
