#include <gtest/gtest.h>

#include "fixture.h"

namespace millstream {
namespace {

// What validation says about an Echo's input; empty when it passes.
std::string violation(const std::string& body) {
  Fixture fixture;
  const http::Response response = fixture.json("Echo", body);
  if (response.status == 200) return "";
  const std::string begin = R"({"__type":"validate#ValidationException","message":")";
  EXPECT_EQ(response.body.substr(0, begin.size()), begin) << response.body;
  return response.body.substr(begin.size(), response.body.size() - begin.size() - 2);
}

TEST(Validation, NamesARequiredMemberThatIsMissing) {
  EXPECT_EQ(violation("{}"),
            "1 validation error detected: Value null at 'name' failed to satisfy constraint: "
            "Member must not be null");
  EXPECT_EQ(violation(R"({"Name":"a","Items":[{"Key":"k"},{"Value":"v"}]})"),
            "1 validation error detected: Value null at 'items.2.member.key' failed to satisfy "
            "constraint: Member must not be null");
}

TEST(Validation, ListsEveryViolation) {
  EXPECT_EQ(
      violation(R"({"Name":"","Count":101})"),
      "3 validation errors detected: Value '' at 'name' failed to satisfy constraint: Member "
      "must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value '' at 'name' failed to "
      "satisfy constraint: Member must have length greater than or equal to 1; Value '101' at "
      "'count' failed to satisfy constraint: Member must have value less than or equal to 100");
}

TEST(Validation, ChecksLengthsRangesPatternsAndEnumerations) {
  EXPECT_EQ(violation(R"({"Name":"aaaaaaaaaaaaaaaaa"})"),
            "1 validation error detected: Value 'aaaaaaaaaaaaaaaaa' at 'name' failed to satisfy "
            "constraint: Member must have length less than or equal to 16");
  EXPECT_EQ(
      violation(R"({"Name":"a b"})"),
      "1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member "
      "must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
  EXPECT_EQ(
      violation(R"({"Name":"a","Count":-1})"),
      "1 validation error detected: Value '-1' at 'count' failed to satisfy constraint: Member "
      "must have value greater than or equal to 0");
  EXPECT_EQ(violation(R"({"Name":"a","Color":"BLUE"})"),
            "1 validation error detected: Value 'BLUE' at 'color' failed to satisfy constraint: "
            "Member must satisfy enum value set: [RED, GREEN]");
}

TEST(Validation, ChecksListsAndMapsAsAWhole) {
  EXPECT_EQ(violation(R"({"Name":"a","Names":["a","b","c","d"]})"),
            "1 validation error detected: Value '[a, b, c, d]' at 'names' failed to satisfy "
            "constraint: Member must have length less than or equal to 3");
  EXPECT_EQ(
      violation(R"({"Name":"a","Names":["x","y z"]})"),
      "1 validation error detected: Value '[x, y z]' at 'names' failed to satisfy constraint: "
      "Member must satisfy constraint: [Member must have length less than or equal to 16, "
      "Member must have length greater than or equal to 1, Member must satisfy regular "
      "expression pattern: [a-zA-Z0-9_.-]+]");
  EXPECT_EQ(violation(R"({"Name":"a","Attributes":{"k":101}})"),
            "1 validation error detected: Value '{k=101}' at 'attributes' failed to satisfy "
            "constraint: Map value must satisfy constraint: [Member must have value less than or "
            "equal to 100, Member must have value greater than or equal to 0]");
  EXPECT_EQ(violation(R"({"Name":"a","Attributes":{"k y":1}})"),
            "1 validation error detected: Value '{k y=1}' at 'attributes' failed to satisfy "
            "constraint: Map keys must satisfy constraint: [Member must have length less than or "
            "equal to 16, Member must have length greater than or equal to 1, Member must satisfy "
            "regular expression pattern: [a-zA-Z0-9_.-]+]");
}

TEST(Validation, CountsCharactersInStringsAndBytesInBlobs) {
  EXPECT_EQ(violation(R"({"Name":"a","Bytes":")" + std::string(84, 'A') + "AA==\"}"), "");
  EXPECT_EQ(
      violation(R"({"Name":"a","Bytes":")" + std::string(88, 'A') + "\"}"),
      "1 validation error detected: Value at 'bytes' failed to satisfy constraint: Member must "
      "have length less than or equal to 64");
}

TEST(Validation, RefusesNullElements) {
  EXPECT_EQ(violation(R"({"Name":"a","Names":["x",null]})"),
            "1 validation error detected: Value null at 'names.2.member' failed to satisfy "
            "constraint: Member must not be null");
}

bool matches(const std::string& member, const std::string& text) {
  Fixture fixture;
  return fixture.json("Match", "{\"" + member + "\":\"" + text + "\"}").status == 200;
}

TEST(Pattern, LooksAheadAndBehind) {
  EXPECT_TRUE(matches("Ahead", "v1"));
  EXPECT_TRUE(matches("Ahead", "1v"));
  EXPECT_FALSE(matches("Ahead", "11"));
  EXPECT_FALSE(matches("Ahead", ""));
  EXPECT_TRUE(matches("Behind", "a.b"));
  EXPECT_TRUE(matches("Behind", ""));
  EXPECT_FALSE(matches("Behind", "a."));
}

TEST(Pattern, KnowsBoundariesAlternativesAndCounts) {
  EXPECT_TRUE(matches("Boundary", "stack-1"));
  EXPECT_TRUE(matches("Boundary", "arn:aws-cn:cloudformation:x"));
  EXPECT_FALSE(matches("Boundary", "arn:awsx:cloudformation"));
  EXPECT_FALSE(matches("Boundary", "1stack"));
  EXPECT_TRUE(matches("Counted", "arn:aws:lambda:us-gov-west-1:123456789012:function:f"));
  EXPECT_FALSE(matches("Counted", "arn:aws:lambda:us-east-1:12345678901:function:f"));
  EXPECT_FALSE(
      matches("Counted", "arn:aws:lambda:us-east-1:123456789012:function:" + std::string(65, 'f')));
}

TEST(Pattern, TakesCodePointsBeyondAsciiForUnicodeClasses) {
  EXPECT_TRUE(matches("Unicode", "Grün @ 東京"));
  EXPECT_FALSE(matches("Unicode", "a;b"));
}

TEST(Pattern, TakesNoLongerForATextMadeToBacktrack) {
  EXPECT_TRUE(matches("Hard", std::string(5000, 'a') + "b"));
  EXPECT_FALSE(matches("Hard", std::string(5000, 'a')));
}

}  // namespace
}  // namespace millstream
