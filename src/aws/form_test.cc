#include "aws/form.h"

#include <gtest/gtest.h>

namespace millstream::aws {
namespace {

TEST(Form, KeepsTheOrderAndDecodesNamesAndValues) {
  const auto fields = parse_form("a=1&&b%20c=d+e&flag&empty=&a=2");
  ASSERT_TRUE(fields.has_value());
  const FormFields expected = {{"a", "1"}, {"b c", "d e"}, {"flag", ""}, {"empty", ""}, {"a", "2"}};
  EXPECT_EQ(*fields, expected);
  EXPECT_EQ(*find_field(*fields, "a"), "1");
  EXPECT_EQ(find_field(*fields, "z"), nullptr);
}

TEST(Form, RefusesWrongEncodings) {
  for (const char* text : {"a=%", "a=%1", "a=%zz", "%ff=1", "a=%c3", "a=%ed%a0%80"}) {
    EXPECT_FALSE(parse_form(text).has_value()) << text;
  }
}

TEST(Form, BoundsTheNumberOfFields) {
  std::string text;
  for (size_t i = 0; i <= kFormFieldsMax; ++i) text += "a=&";
  EXPECT_FALSE(parse_form(text).has_value());
}

TEST(Utf8, IsCheckedByTheRulesOfRfc3629) {
  EXPECT_TRUE(is_utf8("plain é東\U0010FFFF"));
  for (const char* text : {"\x80", "\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xed\xa0\x80",
                           "\xf4\x90\x80\x80", "\xe6\x9d", "\xff"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

}  // namespace
}  // namespace millstream::aws
