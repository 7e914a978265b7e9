#include <gtest/gtest.h>

#include <string>

#include "base/random.h"
#include "services/cloudformation/template/evaluate.h"
#include "services/cloudformation/template/template.h"

namespace millstream::cloudformation {
namespace {

constexpr std::string_view kSeedYaml = R"(
Parameters: {N: {Type: Number, Default: 2}, L: {Type: CommaDelimitedList, Default: "a,b"}}
Mappings: {M: {k: {v: x}}}
Conditions: {C: !And [!Equals [!Ref N, 2], !Not [!Equals [a, b]]]}
Resources:
  A: {Type: T, Condition: C, Properties: {P: !Sub ["${B.Arn}-${v}", {v: !Ref N}], Q: !Cidr [10.0.0.0/8, 4, 5]}}
  B:
    Type: U
    DependsOn: [D]
    Properties: {P: !Join ["-", !Split [",", "a,b"]], Q: !Select [1, !Ref L], R: !If [C, 1, !Ref AWS::NoValue]}
  D:
    Type: V
    Properties:
      P: !FindInMap [M, k, v]
      Q: !Base64 abc
      S: |
        text
          more
Outputs: {O: {Value: !GetAtt A.Arn, Export: {Name: !Sub "${AWS::StackName}-o"}}}
)";
constexpr std::string_view kSeedJson =
    R"({"Parameters":{"N":{"Type":"Number","Default":"2"}},"Conditions":{"C":{"Fn::Equals":[{"Ref":"N"},2]}},)"
    R"("Resources":{"A":{"Type":"T","Properties":{"P":{"Fn::Sub":"${B}-${AWS::Region}"}}},)"
    R"("B":{"Type":"U","Properties":{"P":[1,2.5e3,true,{"Fn::If":["C","x","y"]}]}}}})";
constexpr std::string_view kPieces[] = {"{", "}",   "[",    "]",    "!Sub ", "!Ref ", "${",
                                        "}", "&a ", "*a",   "\n",   "  ",    ": ",    "\"",
                                        "'", "~",   "Fn::", "\xff", "-",     "|"};

class EmptyStack final : public StackValues {
 public:
  Result<Value> reference(const std::string&) override { return Value::unknown(); }
  Result<Value> attribute(const std::string&, const std::string&) override {
    return Value::unknown();
  }
  Result<Value> import_value(const std::string&) override { return Value::unknown(); }
};

std::string damaged(std::string text, Random& random) {
  const size_t count = 1 + random.next_u64() % 4;
  for (size_t i = 0; i < count && !text.empty(); ++i) {
    const size_t at = random.next_u64() % text.size();
    switch (random.next_u64() % 4) {
      case 0:
        text.erase(at, 1 + random.next_u64() % 8);
        break;
      case 1:
        text.insert(at, kPieces[random.next_u64() % std::size(kPieces)]);
        break;
      case 2:
        text[at] = static_cast<char>(random.next_u64());
        break;
      default:
        text.insert(at, text.substr(random.next_u64() % text.size(), 20));
        break;
    }
  }
  return text;
}

// Any text either is a template that can be worked out or is refused with a message.
void take_apart(const std::string& text) {
  auto parsed = parse_template(text);
  if (!parsed) {
    EXPECT_FALSE(parsed.error().message.empty());
    return;
  }
  auto texts = resolve_parameters(*parsed, {}, nullptr);
  if (!texts) return;
  const PseudoParameters pseudo{"000000000000", "us-east-1", "s", "arn:s", {}};
  EmptyStack stack;
  Evaluator evaluator(*parsed, *texts, pseudo, stack);
  for (const ResourceDeclaration& resource : parsed->resources) {
    const auto active = evaluator.condition(resource.condition);
    const auto value = evaluator.evaluate(resource.properties);
    EXPECT_TRUE(value.ok() || !value.error().message.empty());
    EXPECT_TRUE(active.ok() || !active.error().message.empty());
  }
}

TEST(TemplateFuzz, DamagedTemplatesAreRefusedOrWorkedOut) {
  ASSERT_TRUE(parse_template(kSeedYaml).ok()) << parse_template(kSeedYaml).error().message;
  ASSERT_TRUE(parse_template(kSeedJson).ok()) << parse_template(kSeedJson).error().message;
  constexpr uint64_t kSeed = 20260911;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  SeededRandom random(kSeed);
  for (int i = 0; i < 3000; ++i) {
    take_apart(damaged(std::string(i % 2 ? kSeedYaml : kSeedJson), random));
  }
}

}  // namespace
}  // namespace millstream::cloudformation
