#include "services/cloudformation/template/parameters.h"

#include <gtest/gtest.h>

namespace millstream::cloudformation {
namespace {

Template with_parameter(const std::string& declaration) {
  auto parsed =
      parse_template("--- {Parameters: {P: " + declaration + "}, Resources: {A: {Type: T}}}");
  EXPECT_TRUE(parsed.ok()) << parsed.error().message;
  return parsed.take();
}

// The failure's text, or the text that P got.
std::string given(const std::string& declaration, const std::string& value) {
  auto texts = resolve_parameters(with_parameter(declaration), {{"P", value}}, nullptr);
  return texts ? (*texts)["P"] : texts.error().message;
}

TEST(Parameters, MissingAndUnknownOnesAreNamed) {
  const Template parsed = with_parameter("{Type: String}");
  EXPECT_EQ(resolve_parameters(parsed, {}, nullptr).error().message,
            "Parameters: [P] must have values");
  EXPECT_EQ(resolve_parameters(parsed, {{"P", "x"}, {"Q", "y"}}, nullptr).error().message,
            "Parameters: [Q] do not exist in the template");
}

TEST(Parameters, ThePreviousValueIsTakenWhenAskedFor) {
  const Template parsed = with_parameter("{Type: String, Default: d}");
  const ParameterTexts previous = {{"P", "old"}};
  const ParameterInput use_previous{"P", std::nullopt, true};
  EXPECT_EQ(resolve_parameters(parsed, {use_previous}, &previous)->at("P"), "old");
  EXPECT_EQ(resolve_parameters(parsed, {}, &previous)->at("P"), "d");
  EXPECT_EQ(resolve_parameters(parsed, {use_previous}, nullptr).error().message,
            "Invalid input for parameter key P. Cannot specify usePreviousValue as true for a "
            "parameter key not in the previous template");
}

TEST(Parameters, ConstraintsHold) {
  EXPECT_EQ(given("{Type: String, AllowedValues: [a, b]}", "c"),
            "Parameter 'P' must be one of AllowedValues");
  EXPECT_EQ(given("{Type: String, AllowedPattern: '[a-z]+'}", "a1"),
            "Parameter 'P' must match pattern [a-z]+");
  EXPECT_EQ(given("{Type: String, MinLength: 3}", "ab"),
            "Parameter 'P' must contain at least 3 characters");
  EXPECT_EQ(given("{Type: String, MaxLength: '1'}", "ab"),
            "Parameter 'P' must contain at most 1 characters");
  EXPECT_EQ(given("{Type: Number}", "x"), "Parameter 'P' must be a number");
  EXPECT_EQ(given("{Type: Number, MinValue: 5}", "4"),
            "Parameter 'P' must be a number not less than 5");
  EXPECT_EQ(given("{Type: Number, MaxValue: 5}", "6"),
            "Parameter 'P' must be a number not greater than 5");
  EXPECT_EQ(given("{Type: List<Number>}", "1,x"), "Parameter 'P' must be a number");
  EXPECT_EQ(
      given("{Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: only letters}", "1"),
      "Parameter 'P' failed to satisfy constraint: only letters");
  EXPECT_EQ(given("{Type: Number, MinValue: 1, MaxValue: 9}", "5"), "5");
}

TEST(Parameters, APatternThatExplodesIsGivenUp) {
  const std::string text =
      given("{Type: String, AllowedPattern: '(a+)+(a+)+(a+)+$'}", std::string(4000, 'a') + "b");
  EXPECT_EQ(text, "Parameter 'P': AllowedPattern (a+)+(a+)+(a+)+$ can't be evaluated");
}

TEST(Parameters, ListTypesAreSplit) {
  const Template parsed = with_parameter("{Type: CommaDelimitedList}");
  const Value list = parameter_value(parsed.parameters[0], "a, b,c");
  EXPECT_EQ(list, Value(Value::List{Value("a"), Value("b"), Value("c")}));
}

TEST(Parameters, TypesAreKnownOrRefusedByName) {
  const auto failure = [](const std::string& type) {
    return parse_template("--- {Parameters: {P: {Type: '" + type +
                          "'}}, Resources: {A: {Type: T}}}")
        .error()
        .message;
  };
  EXPECT_EQ(failure("Foo"), "Template format error: Unrecognized parameter type: Foo");
  EXPECT_EQ(failure("AWS::SSM::Parameter::Value<String>"),
            "Template format error: Parameter P has type AWS::SSM::Parameter::Value<String>, which "
            "is not supported by Millstream");
}

}  // namespace
}  // namespace millstream::cloudformation
