#include "aws/json/writer.h"

#include <gtest/gtest.h>

namespace millstream::aws {
namespace {

std::string written(std::string_view text) {
  std::string out;
  append_json_string(text, &out);
  return out;
}

TEST(JsonString, EscapesWhatJsonWantsEscaped) {
  EXPECT_EQ(written("a\"b\\c\n\r\t\x01"), "\"a\\\"b\\\\c\\n\\r\\t\\u0001\"");
  EXPECT_EQ(written(std::string_view("\0", 1)), "\"\\u0000\"");
}

TEST(JsonString, KeepsUtf8AndReplacesWhatIsNot) {
  EXPECT_EQ(written("é東\U0001F680"), "\"é東\U0001F680\"");
  EXPECT_EQ(written("a\xff"
                    "b"),
            "\"a\uFFFDb\"");
  EXPECT_EQ(written("\xc0\xaf"), "\"\uFFFD\uFFFD\"");            // overlong
  EXPECT_EQ(written("\xed\xa0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");  // a surrogate
  EXPECT_EQ(written("\xe6\x9d"), "\"\uFFFD\uFFFD\"");            // cut off
}

}  // namespace
}  // namespace millstream::aws
