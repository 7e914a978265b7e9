#include "aws/model/text.h"

#include <gtest/gtest.h>

#include <limits>

namespace millstream::aws::model {
namespace {

std::string written(int64_t ms, TimestampFormat format) {
  std::string out;
  append_timestamp(Timestamp{ms}, format, &out);
  return out;
}

TEST(TimestampText, HasTheFormatOfItsPlace) {
  EXPECT_EQ(written(1'700'000'000'000, TimestampFormat::kUnixSeconds), "1700000000");
  EXPECT_EQ(written(1'700'000'000'007, TimestampFormat::kUnixSeconds), "1700000000.007");
  EXPECT_EQ(written(-1'500, TimestampFormat::kUnixSeconds), "-1.500");
  EXPECT_EQ(written(std::numeric_limits<int64_t>::min(), TimestampFormat::kUnixSeconds),
            "-9223372036854775.808");
  EXPECT_EQ(written(1'700'000'000'000, TimestampFormat::kIso8601), "2023-11-14T22:13:20Z");
  EXPECT_EQ(written(1'700'000'000'007, TimestampFormat::kIso8601), "2023-11-14T22:13:20.007Z");
  EXPECT_EQ(written(1'700'000'000'000, TimestampFormat::kRfc822), "Tue, 14 Nov 2023 22:13:20 GMT");
}

TEST(TimestampText, IsReadInAnyFormat) {
  constexpr Type kTimestamp = {.kind = Kind::kTimestamp, .name = "When"};
  Timestamp value;
  for (const char* text :
       {"1700000000", "1.7e9", "2023-11-14T22:13:20Z", "Tue, 14 Nov 2023 22:13:20 GMT"}) {
    ASSERT_TRUE(parse_text(kTimestamp, text, &value)) << text;
    EXPECT_EQ(value.ms, 1'700'000'000'000) << text;
  }
  for (const char* text : {"", "soon", "1e300", "nan", "Tue, 14 Nev 2023 22:13:20 GMT"}) {
    EXPECT_FALSE(parse_text(kTimestamp, text, &value)) << text;
  }
}

TEST(SimpleText, IsRefusedWhenItIsNotOfItsType) {
  constexpr Type kInteger = {.kind = Kind::kInteger, .name = "Count"};
  constexpr Type kBoolean = {.kind = Kind::kBoolean, .name = "Flag"};
  int32_t number = 0;
  EXPECT_TRUE(parse_text(kInteger, "-7", &number));
  EXPECT_EQ(number, -7);
  for (const char* text : {"", "7.5", "2147483648", "7 ", "0x7"}) {
    EXPECT_FALSE(parse_text(kInteger, text, &number)) << text;
  }
  bool flag = false;
  EXPECT_TRUE(parse_text(kBoolean, "True", &flag));
  EXPECT_TRUE(flag);
  EXPECT_FALSE(parse_text(kBoolean, "yes", &flag));
}

}  // namespace
}  // namespace millstream::aws::model
