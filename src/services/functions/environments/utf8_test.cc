#include "services/functions/environments/utf8.h"

#include <gtest/gtest.h>

namespace millstream::functions {
namespace {

std::string valid(std::string text) {
  make_valid_utf8(&text);
  return text;
}

TEST(Utf8Test, LeavesWellFormedTextAlone) {
  const std::string text("a\0\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80", 11);
  EXPECT_EQ(valid(text), text);
  EXPECT_EQ(valid(""), "");
}

TEST(Utf8Test, ReplacesEachByteThatIsNotPartOfACharacter) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(valid("a\x80z"), "a" + mark + "z");
  EXPECT_EQ(valid("\xC3"), mark);
  EXPECT_EQ(valid("\xE2\x82z"), mark + mark + "z");
  EXPECT_EQ(valid("\xC0\x80"), mark + mark);             // overlong
  EXPECT_EQ(valid("\xED\xA0\x80"), mark + mark + mark);  // a surrogate
  EXPECT_EQ(valid("\xF4\x90\x80\x80"), mark + mark + mark + mark);
}

}  // namespace
}  // namespace millstream::functions
