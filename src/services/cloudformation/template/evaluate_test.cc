#include "services/cloudformation/template/evaluate.h"

#include <gtest/gtest.h>

#include "services/cloudformation/template/json.h"
#include "services/cloudformation/template/limits.h"

namespace millstream::cloudformation {
namespace {

// Resource R stands; resource New will.
class FixedStack final : public StackValues {
 public:
  Result<Value> reference(const std::string& resource) override {
    return resource == "New" ? Value::unknown() : Value("ref-" + resource);
  }
  Result<Value> attribute(const std::string& resource, const std::string& attribute) override {
    return resource == "New" ? Value::unknown() : Value(resource + "/" + attribute);
  }
  Result<Value> import_value(const std::string& name) override {
    if (name == "known") return Value("imported");
    return template_error("No export named " + name + " found.");
  }
};

constexpr std::string_view kFrame = R"(
Parameters:
  Name: {Type: String, Default: flights}
  List: {Type: CommaDelimitedList, Default: "x,y,z"}
Mappings:
  Sizes: {small: {shards: 1}, big: {shards: 8, zones: [p, q]}}
Conditions:
  Yes: !Equals [!Ref Name, flights]
  No: !Not [!Condition Yes]
  Both: !And [!Condition Yes, !Not [!Condition No]]
  Either: !Or [!Condition No, !Equals [a, b]]
Resources:
  R: {Type: T}
  New: {Type: T}
  Probe:
    Type: T
    Properties:
      P: )";

std::string evaluated(const std::string& expression) {
  auto parsed = parse_template(std::string(kFrame) + expression + "\n");
  if (!parsed) return parsed.error().message;
  const auto texts = resolve_parameters(*parsed, {}, nullptr);
  const PseudoParameters pseudo{"000000000000", "us-east-1", "s", "arn:s", {"arn:topic"}};
  FixedStack stack;
  Evaluator evaluator(*parsed, *texts, pseudo, stack);
  auto value = evaluator.evaluate(parsed->resource("Probe")->properties);
  if (!value) return value.error().message;
  return value->find("P") ? write_json(*value->find("P")) : "(absent)";
}

TEST(Evaluate, References) {
  EXPECT_EQ(evaluated("!Ref Name"), R"("flights")");
  EXPECT_EQ(evaluated("!Ref List"), R"(["x","y","z"])");
  EXPECT_EQ(evaluated("!Ref R"), R"("ref-R")");
  EXPECT_EQ(evaluated("!GetAtt R.Arn"), R"("R/Arn")");
  EXPECT_EQ(evaluated("!Ref AWS::Region"), R"("us-east-1")");
  EXPECT_EQ(evaluated("!Ref AWS::NotificationARNs"), R"(["arn:topic"])");
  EXPECT_EQ(evaluated("!ImportValue known"), R"("imported")");
  EXPECT_EQ(evaluated("!ImportValue other"), "No export named other found.");
}

TEST(Evaluate, NoValueLeavesItsPlaceOut) {
  EXPECT_EQ(evaluated("!Ref AWS::NoValue"), "(absent)");
  EXPECT_EQ(evaluated("[a, !If [No, b, !Ref AWS::NoValue], c]"), R"(["a","c"])");
}

TEST(Evaluate, Texts) {
  EXPECT_EQ(evaluated("!Sub '${Name}-${AWS::AccountId}-${R.Arn}-${!Kept}-$'"),
            R"("flights-000000000000-R/Arn-${Kept}-$")");
  EXPECT_EQ(evaluated("!Sub ['${a}/${Name}', {a: !Ref R}]"), R"("ref-R/flights")");
  EXPECT_EQ(evaluated("!Join ['-', [a, 1, !Ref Name]]"), R"("a-1-flights")");
  EXPECT_EQ(evaluated("!Join ['', !Ref List]"), R"("xyz")");
  EXPECT_EQ(evaluated("!Split [',', 'a,,b']"), R"(["a","","b"])");
  EXPECT_EQ(evaluated("!Select [1, !Split ['-', 'a-b']]"), R"("b")");
  EXPECT_EQ(evaluated("!Select [3, !Ref List]"),
            "Template error: Fn::Select cannot select nonexistent value at index 3");
  EXPECT_EQ(evaluated("!Base64 abc"), R"("YWJj")");
}

TEST(Evaluate, Conditions) {
  EXPECT_EQ(evaluated("!If [Yes, 1, 2]"), "1");
  EXPECT_EQ(evaluated("!If [No, 1, 2]"), "2");
  EXPECT_EQ(evaluated("!If [Both, 1, 2]"), "1");
  EXPECT_EQ(evaluated("!If [Either, 1, 2]"), "2");
  EXPECT_EQ(evaluated("!Equals [a, a]"),
            "Template error: condition functions can only be used in the Conditions section and as "
            "the first argument of Fn::If");
}

TEST(Evaluate, Mappings) {
  EXPECT_EQ(evaluated("!FindInMap [Sizes, big, zones]"), R"(["p","q"])");
  EXPECT_EQ(evaluated("!FindInMap [Sizes, !Ref Name, shards]"),
            "Template error: Unable to get mapping for Sizes::flights::shards");
  EXPECT_EQ(evaluated("!FindInMap [Other, a, b]"),
            "Template error: Mapping named 'Other' is not present in the 'Mappings' section of "
            "template.");
}

TEST(Evaluate, Networks) {
  EXPECT_EQ(evaluated("!Cidr [10.0.0.0/16, 3, 8]"),
            R"(["10.0.0.0/24","10.0.1.0/24","10.0.2.0/24"])");
  EXPECT_EQ(evaluated("!Cidr ['2001:db8::/56', 2, 64]"),
            R"(["2001:db8::/64","2001:db8:0:1::/64"])");
  EXPECT_EQ(evaluated("!Cidr [10.0.0.0/30, 9, 1]"),
            "Template error: Fn::Cidr can't take networks from 10.0.0.0/30");
}

TEST(Evaluate, WhatNeedsANewResourceIsUnknown) {
  const std::string unknown = R"("{{changeSet:KNOWN_AFTER_APPLY}}")";
  EXPECT_EQ(evaluated("!Ref New"), unknown);
  EXPECT_EQ(evaluated("!Sub 'a-${New.Arn}'"), unknown);
  EXPECT_EQ(evaluated("!Join ['-', [a, !Ref New]]"), unknown);
  EXPECT_EQ(evaluated("{k: !Ref New, l: x}"), R"({"k":)" + unknown + R"(,"l":"x"})");
}

TEST(Evaluate, TextThatGrowsWithoutEndIsStopped) {
  std::string nested = "x";
  for (int i = 0; i < 20; ++i) {
    nested = "!Sub ['${a}${a}${a}${a}', {a: " + nested + "}]";
  }
  EXPECT_EQ(evaluated(nested),
            "Template error: the values that the template's functions make are larger than " +
                std::to_string(kEvaluatedBytesMax) + " bytes");
}

}  // namespace
}  // namespace millstream::cloudformation
