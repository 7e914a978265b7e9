#include "services/dynamodb/value_json.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace millstream::dynamodb {
namespace {

// Reads one AttributeValue; gives it back as JSON, or what is wrong with it.
std::string read(std::string_view text, bool batch = false) {
  simdjson::ondemand::parser parser;
  const simdjson::padded_string padded(text);
  simdjson::ondemand::document document;
  simdjson::ondemand::value json;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return "not JSON";
  // A scalar document has no value; the generated reader never meets one here.
  if (document.get_value().get(json) != simdjson::SUCCESS) return "not JSON";
  Value value;
  aws::Result<> done = read_json(json, &value);
  if (!done) return done.error().type + ": " + done.error().message;
  const Defect* defect = find_defect(value);
  if (defect != nullptr) return batch ? defect->batch_message : defect->message;
  std::string out;
  write_json(value, &out);
  return out;
}

TEST(ValueJson, EveryTypeComesBackInItsCanonicalForm) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"S":"a\"\\\u00e9\n"})", "{\"S\":\"a\\\"\\\\é\\n\"}"},
      {R"({"N":"001.50"})", R"({"N":"1.5"})"},
      {R"({"B":"AP8="})", R"({"B":"AP8="})"},
      {R"({"SS":["b","a"]})", R"({"SS":["a","b"]})"},
      {R"({"NS":["10","2"]})", R"({"NS":["2","10"]})"},
      {R"({"BS":["/w==","AA=="]})", R"({"BS":["AA==","/w=="]})"},
      {R"({"M":{"b":{"NULL":true},"a":{"L":[{"BOOL":false}]}}})",
       R"({"M":{"a":{"L":[{"BOOL":false}]},"b":{"NULL":true}}})"},
      {R"({"S":"x","N":null,"unknown":{"deep":[1]}})", R"({"S":"x"})"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(read(text), expected) << text;
}

TEST(ValueJson, BrokenRulesAreKeptForTheOperation) {
  const std::string invalid = "One or more parameter values were invalid: ";
  EXPECT_EQ(read(R"({"N":"abc"})"), "The parameter cannot be converted to a numeric value: abc");
  EXPECT_EQ(read(R"({"N":""})", true), "The parameter cannot be converted to a numeric value");
  EXPECT_EQ(read(R"({"SS":["b","a","b"]})"),
            invalid + R"(Input collection ["a", "b", "b"] contains duplicates.)");
  EXPECT_EQ(read(R"({"SS":["b","a","b"]})", true),
            invalid + "Input collection [b, a, b] contains duplicates.");
  EXPECT_EQ(read(R"({"BS":["/w==","AA==","AA=="]})"),
            invalid + R"(Input collection ["AA==","/w==","AA=="]of type BS contains duplicates.)");
  EXPECT_EQ(read(R"({"NS":["1","1.0"]})"), invalid + "Input collection contains duplicates.");
  EXPECT_EQ(read(R"({"M":{"x":{"NULL":false}}})"),
            invalid + "Null attribute value types must have the value of true");
  EXPECT_EQ(
      read("{}"),
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  EXPECT_EQ(
      read(R"({"S":"a","N":"1"})"),
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
      "supported datatypes");
}

TEST(ValueJson, WrongKindsOfJsonAreSerializationErrors) {
  for (const char* text :
       {R"({"S":1})", R"({"S":true})", R"({"N":1})", R"({"B":1})", R"({"B":"AP8"})",
        R"({"B":"!!!!"})", R"({"SS":"a"})", R"({"SS":[1]})", R"({"M":[]})", R"({"L":{}})",
        R"({"BOOL":"x"})", R"({"L":[1]})", R"({"M":{"x":1}})", R"(["S"])"}) {
    EXPECT_EQ(read(text).substr(0, 23), "SerializationException:") << text;
  }
}

TEST(ValueJson, DepthIsBounded) {
  const auto nested = [](int levels) {
    std::string text = R"({"S":"x"})";
    for (int i = 1; i < levels; ++i) text = R"({"L":[)" + text + "]}";
    return text;
  };
  EXPECT_EQ(read(nested(32)), nested(32));
  EXPECT_EQ(read(nested(33)), kNestingMessage);
  EXPECT_EQ(read(nested(300)), kNestingMessage);
}

TEST(ValueJson, SurvivesDamagedText) {
  const uint64_t seed = 5;
  SCOPED_TRACE(seed);
  SeededRandom random(seed);
  const std::string whole =
      R"({"M":{"a":{"L":[{"N":"1.5"},{"SS":["x","y"]}]},"b":{"B":"AP8="},"c":{"BOOL":true}}})";
  for (int i = 0; i < 20'000; ++i) {
    std::string text = whole;
    for (uint64_t changes = 1 + random.next_u64() % 3; changes > 0; --changes) {
      const size_t at = random.next_u64() % text.size();
      if (random.next_u64() % 2) {
        text[at] = R"({}[]":,0aS\)"[random.next_u64() % 11];
      } else {
        text.erase(at, 1 + random.next_u64() % 5);
      }
      if (text.empty()) break;
    }
    (void)read(text);
  }
}

}  // namespace
}  // namespace millstream::dynamodb
