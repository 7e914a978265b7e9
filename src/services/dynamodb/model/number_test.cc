#include "services/dynamodb/model/number.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace millstream::dynamodb {
namespace {

Number number(std::string_view text) {
  Result<Number> parsed = Number::parse(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? *parsed : Number();
}

std::string problem(std::string_view text) {
  Result<Number> parsed = Number::parse(text);
  return parsed.ok() ? "accepted " + std::string(text) : parsed.error().message;
}

TEST(Number, HasOneCanonicalText) {
  const std::pair<const char*, const char*> cases[] = {
      {"0", "0"},
      {"-0", "0"},
      {"0e125", "0"},
      {"+3", "3"},
      {"0042.1200", "42.12"},
      {".123", "0.123"},
      {"1e+5", "100000"},
      {"-17.4E2", "-1740"},
      {"1E-3", "0.001"},
      {"1.", "1"},
      {"-0.5000", "-0.5"},
      {"100", "100"},
      {"12345678901234567890123456789012345678", "12345678901234567890123456789012345678"}};
  for (const auto& [text, canonical] : cases) EXPECT_EQ(number(text).text(), canonical) << text;
  EXPECT_EQ(number("1E125").text(), "1" + std::string(125, '0'));
  EXPECT_EQ(number("1E-130").text(), "0." + std::string(129, '0') + "1");
}

TEST(Number, RefusesWithTheServicesMessages) {
  const std::string overflow =
      "Number overflow. Attempting to store a number with magnitude larger than supported range";
  const std::string underflow =
      "Number underflow. Attempting to store a number with magnitude smaller than supported range";
  for (const char* text : {"1e126", "11e125", "-1e99999999999", "1e2147483648", "0e126"}) {
    EXPECT_EQ(problem(text), overflow) << text;
  }
  for (const char* text : {"1e-131", "0.9e-130", "1e-99999999999", "0e-131"}) {
    EXPECT_EQ(problem(text), underflow) << text;
  }
  for (const char* text : {"abc", "", " 1", "1 ", "1.2.3", "0x10", "1e", "NaN", "-Infinity", ".",
                           "-", "1e9223372036854775808", "1e+-5", "--1"}) {
    EXPECT_EQ(problem(text),
              "The parameter cannot be converted to a numeric value: " + std::string(text));
  }
  EXPECT_EQ(problem("123456789012345678901234567890123456789"),
            "Attempting to store more than 38 significant digits in a Number");
}

TEST(Number, AddsAndSubtractsExactly) {
  const auto sum = [](const char* a, const char* b) { return Number::add(number(a), number(b)); };
  const auto difference = [](const char* a, const char* b) {
    return Number::subtract(number(a), number(b));
  };
  EXPECT_EQ(sum("1", "10000000000000000000000")->text(), "10000000000000000000001");
  EXPECT_EQ(difference("10000000000000000000000", "1")->text(), "9999999999999999999999");
  EXPECT_EQ(difference("1", "10000000000000000000000")->text(), "-9999999999999999999999");
  EXPECT_EQ(sum("0.1", "0.2")->text(), "0.3");
  EXPECT_EQ(sum("-5", "5")->text(), "0");
  EXPECT_EQ(sum("99999999999999999999999999999999999999", "1")->text(), "1" + std::string(38, '0'));
  EXPECT_NE(sum("9e125", "9e125").error().message.find("overflow"), std::string::npos);
  EXPECT_NE(sum("1e50", "1").error().message.find("overflow"), std::string::npos);
  EXPECT_EQ(sum("1e125", "-1e125")->text(), "0");
}

TEST(Number, SumsAgreeWithIntegerArithmetic) {
  const uint64_t seed = 20261122;
  SCOPED_TRACE(seed);
  SeededRandom random(seed);
  for (int i = 0; i < 20'000; ++i) {
    const int64_t shift = static_cast<int64_t>(random.next_u64() % 60);
    const int64_t a = static_cast<int64_t>(random.next_u64()) >> (3 + shift);
    const int64_t b = static_cast<int64_t>(random.next_u64()) >> 3;
    ASSERT_EQ(Number::add(Number(a), Number(b))->text(), std::to_string(a + b));
    ASSERT_EQ(Number::subtract(Number(a), Number(b))->text(), std::to_string(a - b));
    ASSERT_EQ(Number(a) < Number(b), a < b);
  }
}

std::string random_text(SeededRandom* random) {
  std::string text = random->next_u64() % 2 ? "-" : "";
  const size_t digits = 1 + random->next_u64() % 38;
  for (size_t i = 0; i < digits; ++i) text += static_cast<char>('0' + random->next_u64() % 10);
  return text + "e" + std::to_string(static_cast<int>(random->next_u64() % 210) - 125);
}

TEST(Number, KeysSortAsNumbersDoAndReadBack) {
  const uint64_t seed = 7;
  SCOPED_TRACE(seed);
  SeededRandom random(seed);
  std::vector<Number> numbers = {number("0"),
                                 number("1E-130"),
                                 number("-1E-130"),
                                 number("9.9999999999999999999999999999999999999E125"),
                                 number("-9.9999999999999999999999999999999999999E125"),
                                 number("1"),
                                 number("1.0000001"),
                                 number("10"),
                                 number("-10")};
  while (numbers.size() < 600) {
    Result<Number> made = Number::parse(random_text(&random));
    if (made) numbers.push_back(*made);
  }
  std::vector<std::string> keys;
  for (const Number& each : numbers) {
    std::string key;
    each.append_key(&key);
    ASSERT_LE(key.size(), Number::kKeyBytesMax);
    ByteReader reader(key);
    Result<Number> back = Number::read_key(&reader);
    ASSERT_TRUE(back.ok() && reader.empty());
    ASSERT_EQ(*back, each);
    ASSERT_EQ(Number::parse(each.text())->text(), each.text());
    keys.push_back(std::move(key));
  }
  for (size_t i = 0; i < keys.size(); ++i) {
    for (size_t j = 0; j < keys.size(); ++j) {
      ASSERT_EQ(keys[i] < keys[j], numbers[i] < numbers[j])
          << numbers[i].text() << " " << numbers[j].text();
    }
  }
}

TEST(Number, CountsBytesAsTheServiceDoes) {
  const std::pair<const char*, size_t> cases[] = {{"0", 1},
                                                  {"1", 2},
                                                  {"12", 2},
                                                  {"123", 3},
                                                  {"1234", 3},
                                                  {"0042", 2},
                                                  {"100", 2},
                                                  {"1010", 3},
                                                  {"0.0000001", 2},
                                                  {"1E125", 2},
                                                  {"1E-100", 2},
                                                  {"1.5", 3},
                                                  {"15", 2},
                                                  {"1.2", 3},
                                                  {"1.200", 3},
                                                  {"1.234", 4},
                                                  {"3.14159", 5},
                                                  {"123456", 4},
                                                  {"100.5", 4},
                                                  {"0.15", 2},
                                                  {"-42", 3},
                                                  {"-0", 1},
                                                  {"12345678901234567890123456789012345678", 20}};
  for (const auto& [text, bytes] : cases) EXPECT_EQ(number(text).size(), bytes) << text;
}

}  // namespace
}  // namespace millstream::dynamodb
