#include "services/logs/filter_pattern.h"

#include <gtest/gtest.h>

namespace millstream::logs {
namespace {

bool matches(std::string_view pattern, std::string_view message) {
  auto parsed = FilterPattern::parse(pattern);
  EXPECT_TRUE(parsed.ok()) << pattern;
  return parsed.ok() && parsed->matches(message);
}

std::string failure(std::string_view pattern) {
  auto parsed = FilterPattern::parse(pattern);
  return parsed.ok() ? "" : parsed.error().message;
}

TEST(FilterPattern, EmptyMatchesEverything) {
  EXPECT_TRUE(matches("", "anything"));
  EXPECT_TRUE(matches("   ", ""));
}

TEST(FilterPattern, EveryTermMustOccurByCase) {
  EXPECT_TRUE(matches("ERROR ARGUMENTS", "[ERROR 419] INVALID ARGUMENTS"));
  EXPECT_FALSE(matches("ERROR ARGUMENTS", "[ERROR 419] missing"));
  EXPECT_FALSE(matches("error", "ERROR"));
}

TEST(FilterPattern, QuotedPhraseHoldsSpacesAndQuotes) {
  EXPECT_TRUE(matches("\"INTERNAL SERVER\"", "an INTERNAL SERVER ERROR"));
  EXPECT_FALSE(matches("\"INTERNAL SERVER\"", "INTERNAL or SERVER"));
  EXPECT_TRUE(matches(R"("say \"hi\"")", "say \"hi\" now"));
}

TEST(FilterPattern, MinusLeavesOut) {
  EXPECT_TRUE(matches("ERROR -EXITING", "ERROR starting"));
  EXPECT_FALSE(matches("ERROR -EXITING", "ERROR EXITING"));
  EXPECT_FALSE(matches("-\"health check\"", "GET health check"));
}

TEST(FilterPattern, QuestionMarkMeansOneOf) {
  EXPECT_TRUE(matches("?ERROR ?WARN", "WARN disk"));
  EXPECT_FALSE(matches("?ERROR ?WARN", "INFO disk"));
  EXPECT_TRUE(matches("disk ?ERROR", "INFO disk")) << "ignored beside other terms";
}

TEST(FilterPattern, JsonComparesNumbersStringsAndKinds) {
  const std::string_view message =
      R"({"status":503,"path":"/api/x","user":null,"ok":true,"list":[{"id":7}],"a-b":1})";
  EXPECT_TRUE(matches("{ $.status = 503 }", message));
  EXPECT_TRUE(matches("{$.status>=500&&$.status<600}", message));
  EXPECT_FALSE(matches("{ $.status != 503 }", message));
  EXPECT_TRUE(matches("{ $.path = \"/api/*\" }", message));
  EXPECT_FALSE(matches("{ $.path != \"/api/*\" }", message));
  EXPECT_TRUE(matches("{ $.user IS NULL }", message));
  EXPECT_TRUE(matches("{ $.ok IS TRUE }", message));
  EXPECT_TRUE(matches("{ $.none NOT EXISTS }", message));
  EXPECT_TRUE(matches("{ $.list[0].id = 7 }", message));
  EXPECT_TRUE(matches("{ $['a-b'] = 1 }", message));
  EXPECT_FALSE(matches("{ $.status = 503 }", "not JSON"));
}

TEST(FilterPattern, JsonAndBindsCloserThanOr) {
  EXPECT_TRUE(matches("{ $.a = 1 || $.a = 2 && $.b = 3 }", R"({"a":1})"));
  EXPECT_FALSE(matches("{ ($.a = 1 || $.a = 2) && $.b = 3 }", R"({"a":1})"));
}

TEST(FilterPattern, BadPatternsAreRefusedWithTheServicesWords) {
  EXPECT_EQ(failure("INFO:"), "Invalid filter pattern: Invalid character(s) in term 'INFO:'");
  EXPECT_EQ(failure("\"open"), "Invalid filter pattern");
  EXPECT_EQ(failure("{ $.a = 1"), "If a filter pattern starts with '{' it must end with '}'");
  EXPECT_EQ(failure("{ a = 1 }"), "Invalid filter pattern");
  EXPECT_EQ(failure("{ $.a > \"x\" }"), "Invalid filter pattern");
  EXPECT_NE(failure("[ip, user]"), "");
  EXPECT_NE(failure("%regex%"), "");
}

TEST(FilterPattern, NestingHasABound) {
  const std::string deep =
      "{" + std::string(10'000, '(') + "$.a=1" + std::string(10'000, ')') + "}";
  EXPECT_EQ(failure(deep), "Invalid filter pattern");
}

}  // namespace
}  // namespace millstream::logs
