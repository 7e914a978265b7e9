#include "base/coding.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace millstream {
namespace {

TEST(CodingTest, VarintsComeBack) {
  for (uint64_t value : {uint64_t{0}, uint64_t{1}, uint64_t{127}, uint64_t{128}, uint64_t{16'383},
                         uint64_t{16'384}, UINT64_MAX}) {
    std::string bytes;
    append_varint(value, &bytes);
    ByteReader reader(bytes);
    EXPECT_EQ(reader.varint(), value);
    EXPECT_TRUE(reader.empty());
  }
}

TEST(CodingTest, AVarintThatIsCutOrTooLargeIsRefusedAndNothingIsTaken) {
  const std::string too_large(10, '\xff');
  for (const std::string& bytes : {std::string(), std::string("\x80"), too_large}) {
    ByteReader reader(bytes);
    EXPECT_FALSE(reader.varint());
    EXPECT_EQ(reader.rest(), bytes);
  }
}

TEST(CodingTest, APrefixLongerThanTheBytesIsRefusedAndNothingIsTaken) {
  std::string bytes;
  append_prefixed("abc", &bytes);
  bytes.pop_back();
  ByteReader reader(bytes);
  EXPECT_FALSE(reader.prefixed());
  EXPECT_EQ(reader.rest(), bytes);
}

TEST(CodingTest, BigEndianKeysSortAsTheirNumbers) {
  SeededRandom random(3);
  for (int i = 0; i < 1000; ++i) {
    const uint64_t a = random.next_u64();
    const uint64_t b = random.next_u64() >> (i % 64);
    std::string key_a;
    std::string key_b;
    append_big(a, &key_a);
    append_big(b, &key_b);
    EXPECT_EQ(a < b, key_a < key_b);
  }
}

TEST(CodingTest, FixedFieldsComeBackInBothOrders) {
  std::string bytes;
  append_little(uint32_t{0x01020304}, &bytes);
  append_big(int64_t{-2}, &bytes);
  EXPECT_EQ(bytes[0], 4);
  ByteReader reader(bytes);
  EXPECT_EQ(reader.little<uint32_t>(), 0x01020304u);
  EXPECT_EQ(reader.big<int64_t>(), -2);
  EXPECT_FALSE(reader.big<int64_t>());
}

}  // namespace
}  // namespace millstream
