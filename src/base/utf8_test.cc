#include "base/utf8.h"

#include <gtest/gtest.h>

namespace millstream {
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

TEST(Utf8Test, IsCheckedByTheRulesOfRfc3629) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("plain é東\U0010FFFF"));
  EXPECT_TRUE(is_utf8("a\u00fc\u20ac\U0001F600"));
  for (const char* text : {"\x80", "\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xed\xa0\x80",
                           "\xf4\x90\x80\x80", "\xe6\x9d", "\xe2\x82", "\xff"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

TEST(Utf8Test, TellsTheSizeOfACharacter) {
  const std::string_view text("a\0\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80\xF0", 12);
  EXPECT_EQ(utf8_character_size(text, 0), 1u);
  EXPECT_EQ(utf8_character_size(text, 1), 1u);
  EXPECT_EQ(utf8_character_size(text, 2), 2u);
  EXPECT_EQ(utf8_character_size(text, 3), 0u);
  EXPECT_EQ(utf8_character_size(text, 4), 3u);
  EXPECT_EQ(utf8_character_size(text, 7), 4u);
  EXPECT_EQ(utf8_character_size(text, 11), 0u);
  EXPECT_EQ(utf8_character_size(text, 12), 0u);
}

}  // namespace
}  // namespace millstream
