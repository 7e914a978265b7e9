#include "aws/json/number.h"

#include <gtest/gtest.h>

#include <limits>

namespace millstream::aws {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

TEST(JsonInteger, ReadsWholeNumbersExactly) {
  EXPECT_EQ(json_integer("0", kMin, kMax), 0);
  EXPECT_EQ(json_integer("-9223372036854775808", kMin, kMax), kMin);
  EXPECT_EQ(json_integer("9007199254740993", kMin, kMax), 9007199254740993);
}

TEST(JsonInteger, CutsFractionsAndTakesTheNearestBound) {
  EXPECT_EQ(json_integer("-1.9", kMin, kMax), -1);
  EXPECT_EQ(json_integer("1.5e3", kMin, kMax), 1500);
  EXPECT_EQ(json_integer("1e-999", kMin, kMax), 0);
  EXPECT_EQ(json_integer("1e999", kMin, kMax), kMax);
  EXPECT_EQ(json_integer("-1e999", kMin, kMax), kMin);
  EXPECT_EQ(json_integer("99999999999999999999", kMin, kMax), kMax);
  EXPECT_EQ(json_integer("3000000000", -2147483648, 2147483647), 2147483647);
}

TEST(JsonInteger, RefusesWhatIsNotAJsonNumber) {
  for (const char* text :
       {"", "-", "01", "1.", ".5", "1e", "1e+", "+1", "0x1", "1 ", "nan", "1-"}) {
    EXPECT_FALSE(json_integer(text, kMin, kMax).has_value()) << text;
    EXPECT_FALSE(json_double(text).has_value()) << text;
  }
}

TEST(JsonDouble, IsFinite) {
  EXPECT_EQ(json_double("0.1"), 0.1);
  EXPECT_FALSE(json_double("1e999").has_value());
}

}  // namespace
}  // namespace millstream::aws
