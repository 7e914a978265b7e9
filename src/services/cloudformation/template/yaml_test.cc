#include "services/cloudformation/template/yaml.h"

#include <gtest/gtest.h>

#include "services/cloudformation/template/json.h"

namespace millstream::cloudformation {
namespace {

std::string as_json(std::string_view yaml) {
  auto value = parse_yaml(yaml);
  return value ? write_json(*value) : value.error().message;
}

TEST(Yaml, ScalarsAreTypedAsCloudFormationTypesThem) {
  EXPECT_EQ(
      as_json("{a: 1, b: 1.50, c: true, d: 'true', e: 2010-09-09, f: 012, g: yes, h: ~, i: }"),
      R"({"a":1,"b":1.50,"c":true,"d":"true","e":"2010-09-09","f":"012","g":"yes",)"
      R"("h":null,"i":null})");
}

TEST(Yaml, ShortFormsBecomeLongForms) {
  EXPECT_EQ(as_json("!Ref X"), R"({"Ref":"X"})");
  EXPECT_EQ(as_json("!GetAtt A.B.C"), R"({"Fn::GetAtt":["A","B.C"]})");
  EXPECT_EQ(as_json("!GetAtt [A, B]"), R"({"Fn::GetAtt":["A","B"]})");
  EXPECT_EQ(as_json("!Sub '${A}-x'"), R"({"Fn::Sub":"${A}-x"})");
  EXPECT_EQ(as_json("!Condition C"), R"({"Condition":"C"})");
  EXPECT_EQ(as_json("!Join [',', [a, !Ref B]]"), R"({"Fn::Join":[",",["a",{"Ref":"B"}]]})");
  EXPECT_EQ(as_json("!If\n- C\n- 1\n- !Sub\n  - ${v}\n  - v: x\n"),
            R"({"Fn::If":["C",1,{"Fn::Sub":["${v}",{"v":"x"}]}]})");
}

TEST(Yaml, BlockScalarsKeepTheirLines) {
  EXPECT_EQ(as_json("Code: |\n  def f():\n    pass\n"), R"({"Code":"def f():\n  pass\n"})");
}

TEST(Yaml, AKeyTwiceIsNotWellFormed) {
  EXPECT_EQ(as_json("a: 1\nb: 2\na: 3\n"),
            "Template format error: YAML not well-formed. (line 3, column 1)");
}

TEST(Yaml, ErrorsTellWhere) {
  EXPECT_EQ(as_json("a: [1, 2\nb: }"),
            "Template format error: YAML not well-formed. (line 2, column 2)");
  EXPECT_EQ(as_json("a: !Unknown x"),
            "Template format error: YAML not well-formed. (line 1, column 4)");
}

TEST(Yaml, AliasesAndMergeKeysAreRefused) {
  EXPECT_EQ(as_json("a: &x [1]\nb: *x\n"),
            "Template error: YAML aliases are not allowed in CloudFormation templates");
  EXPECT_EQ(as_json("a:\n  <<: {b: 1}\n"),
            "Template error: YAML merge keys are not allowed in CloudFormation templates");
}

TEST(Yaml, DepthIsBounded) {
  const std::string deep(5000, '[');
  EXPECT_TRUE(as_json(deep).starts_with("Template format error: YAML not well-formed."));
  std::string indented;
  for (int i = 0; i < 300; ++i) indented += std::string(i, ' ') + "a:\n";
  EXPECT_TRUE(as_json(indented).starts_with("Template format error: YAML not well-formed."));
}

TEST(Yaml, ASecondDocumentIsRefused) {
  EXPECT_TRUE(as_json("a: 1\n---\nb: 2\n").starts_with("Template format error: YAML"));
}

TEST(Json, ErrorsTellWhere) {
  EXPECT_EQ(parse_json("{\n  \"a\": ]}").error().message,
            "Template format error: JSON not well-formed. (line 2, column 9)");
  EXPECT_FALSE(parse_json("{\"a\":1,\"a\":2}").ok());
  EXPECT_FALSE(parse_json(std::string(5000, '[')).ok());
  EXPECT_FALSE(parse_json("\"\xff\"").ok());
  EXPECT_FALSE(parse_json("").ok());
}

TEST(Json, WhatIsWrittenReadsBack) {
  const std::string text = R"({"a":[1,2.50,true,null,"x\"\\\n\u0001"],"b":{"c":{}},"d":"ü"})";
  auto value = parse_json(text);
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(write_json(*value), text);
}

}  // namespace
}  // namespace millstream::cloudformation
