#include "services/dynamodb/value_cbor.h"

#include <gtest/gtest.h>

#include "aws/cbor/encoder.h"
#include "aws/testing/mutated_body.h"
#include "base/random.h"
#include "services/dynamodb/value_json.h"

namespace millstream::dynamodb {
namespace {

aws::Result<Value> read(const std::string& cbor) {
  aws::CborDecoder decoder(cbor);
  aws::CborHead head;
  Value value;
  if (!decoder.head(&head)) return aws::serialization_error("");
  aws::Result<> done = read_cbor(decoder, head, &value);
  if (!done) return done.take_error();
  return value;
}

// What is read from the CBOR of a JSON text, as JSON; or what is wrong with it.
std::string read_json_as_cbor(std::string_view json) {
  std::string cbor;
  EXPECT_TRUE(aws::append_json_as_cbor(json, &cbor)) << json;
  aws::Result<Value> value = read(cbor);
  if (!value) return value.error().type + ": " + value.error().message;
  if (const Defect* defect = find_defect(*value)) return defect->message;
  std::string out;
  write_json(*value, &out);
  return out;
}

Value sample() {
  return Value::map({{"a", Value::string("é")},
                     {"b", Value::binary(std::string("\0\xff", 2))},
                     {"c", Value::number(*Number::parse("-1.5e10"))},
                     {"d", Value::list({Value::boolean(false), Value::null(), Value::list({})})},
                     {"e", Value::string_set({"y", "x"})},
                     {"f", Value::number_set({*Number::parse("2"), *Number::parse("10")})},
                     {"g", Value::binary_set({{"b"}, {std::string(1, '\0')}})},
                     {"h", Value::map({})}});
}

TEST(ValueCbor, EveryTypeComesBackAsItWas) {
  std::string cbor;
  write_cbor(sample(), &cbor);
  aws::Result<Value> value = read(cbor);
  ASSERT_TRUE(value.ok()) << value.error().message;
  EXPECT_EQ(*value, sample());
}

TEST(ValueCbor, MeansWhatJsonMeans) {
  for (const char* same :
       {R"({"S":"a\"\n"})", R"({"N":"1.5"})", R"({"SS":["a","b"]})", R"({"NS":["2","10"]})",
        R"({"M":{"a":{"L":[{"BOOL":false}]},"b":{"NULL":true}}})"}) {
    EXPECT_EQ(read_json_as_cbor(same), same);
  }
  EXPECT_EQ(read_json_as_cbor(R"({"S":"x","N":null,"unknown":{"deep":[1]}})"), R"({"S":"x"})");
}

TEST(ValueCbor, BrokenRulesAreKeptForTheOperation) {
  const std::string invalid = "One or more parameter values were invalid: ";
  EXPECT_EQ(read_json_as_cbor(R"({"N":"abc"})"),
            "The parameter cannot be converted to a numeric value: abc");
  EXPECT_EQ(read_json_as_cbor(R"({"NS":["1","1.0"]})"),
            invalid + "Input collection contains duplicates.");
  EXPECT_EQ(read_json_as_cbor(R"({"M":{"x":{"NULL":false}}})"),
            invalid + "Null attribute value types must have the value of true");
  EXPECT_EQ(read_json_as_cbor("{}").substr(0, 38), "Supplied AttributeValue is empty, must");
  EXPECT_EQ(read_json_as_cbor(R"({"S":"a","N":"1"})").substr(0, 36),
            "Supplied AttributeValue has more tha");
}

TEST(ValueCbor, WrongKindsAreSerializationErrors) {
  for (const char* text :
       {R"({"S":1})", R"({"S":true})", R"({"N":1})", R"({"B":"AP8="})", R"({"SS":"a"})",
        R"({"SS":[1]})", R"({"SS":[null]})", R"({"BS":["a"]})", R"({"M":[]})", R"({"L":{}})",
        R"({"L":[null]})", R"({"BOOL":"x"})", R"({"M":{"x":1}})", R"(["S"])"}) {
    EXPECT_EQ(read_json_as_cbor(text).substr(0, 23), "SerializationException:") << text;
  }
}

TEST(ValueCbor, DepthIsBounded) {
  const auto nested = [](int levels) {
    std::string text = R"({"S":"x"})";
    for (int i = 1; i < levels; ++i) text = R"({"L":[)" + text + "]}";
    return text;
  };
  EXPECT_EQ(read_json_as_cbor(nested(32)), nested(32));
  EXPECT_EQ(read_json_as_cbor(nested(33)), kNestingMessage);
  EXPECT_EQ(read_json_as_cbor(nested(60)), kNestingMessage);
}

TEST(ValueCbor, WhatIsReadFromADamagedTextCanBeWrittenAgain) {
  const uint64_t seed = 5;
  SCOPED_TRACE(seed);
  SeededRandom random(seed);
  std::string whole;
  write_cbor(sample(), &whole);
  const std::string_view pieces("\x00\x1b\x41\x5f\x61\x7f\x81\x9f\xa0\xa1\xbf\xc1\xf6\xfb\xff", 15);
  for (int i = 0; i < 20'000; ++i) {
    aws::Result<Value> value = read(aws::testing::mutated_body(whole, pieces, random));
    if (!value || find_defect(*value)) continue;
    std::string again;
    write_cbor(*value, &again);
    aws::Result<Value> back = read(again);
    ASSERT_TRUE(back.ok());
    ASSERT_EQ(*back, *value);
  }
}

}  // namespace
}  // namespace millstream::dynamodb
