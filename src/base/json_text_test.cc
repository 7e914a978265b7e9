#include "base/json_text.h"

#include <gtest/gtest.h>

namespace millstream {
namespace {

TEST(JsonString, EscapesWhatJsonWantsEscaped) {
  EXPECT_EQ(json_string("a\"b\\c\n\r\t\x01"), "\"a\\\"b\\\\c\\n\\r\\t\\u0001\"");
  EXPECT_EQ(json_string(std::string_view("\0", 1)), "\"\\u0000\"");
}

TEST(JsonString, FindsWhatWantsEscapingAtEveryPlaceOfAWord) {
  for (int byte = 0; byte < 0x80; ++byte) {
    const std::string one = json_string(std::string(1, static_cast<char>(byte)));
    const std::string middle = one.substr(1, one.size() - 2);
    for (size_t before = 0; before < 17; ++before) {
      const std::string left(before, '~');
      const std::string right(17 - before, ' ');
      EXPECT_EQ(json_string(left + static_cast<char>(byte) + right),
                '"' + left + middle + right + '"')
          << "byte " << byte << " behind " << before;
    }
  }
}

TEST(JsonString, KeepsUtf8AndReplacesWhatIsNot) {
  EXPECT_EQ(json_string("é東\U0001F680"), "\"é東\U0001F680\"");
  EXPECT_EQ(json_string("a\xff"
                        "b"),
            "\"a\uFFFDb\"");
  EXPECT_EQ(json_string("\xc0\xaf"), "\"\uFFFD\uFFFD\"");            // overlong
  EXPECT_EQ(json_string("\xed\xa0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");  // a surrogate
  EXPECT_EQ(json_string("\xe6\x9d"), "\"\uFFFD\uFFFD\"");            // cut off
}

}  // namespace
}  // namespace millstream
