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

}  // namespace
}  // namespace millstream::aws
