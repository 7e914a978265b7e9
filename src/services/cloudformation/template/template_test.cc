#include "services/cloudformation/template/template.h"

#include <gtest/gtest.h>

#include "services/cloudformation/template/dependencies.h"

namespace millstream::cloudformation {
namespace {

std::string failure(std::string_view body) {
  auto parsed = parse_template(body);
  return parsed ? "" : parsed.error().message;
}

// A template with these resources, given as the inside of YAML's flow map.
std::string with_resources(const std::string& resources) {
  return "Resources: {" + resources + "}";
}

TEST(Template, ReadsEverySection) {
  auto parsed = parse_template(R"(
AWSTemplateFormatVersion: 2010-09-09
Description: all of it
Metadata: {k: v}
Parameters:
  Count: {Type: Number, Default: 2, MinValue: 1}
Mappings:
  M: {k: {v: x}}
Conditions:
  Many: !Equals [!Ref Count, 2]
Resources:
  A:
    Type: AWS::Kinesis::Stream
    Condition: Many
    DeletionPolicy: Retain
    Properties: {ShardCount: !Ref Count}
  B: {Type: AWS::Logs::LogGroup, DependsOn: A}
Outputs:
  Arn: {Value: !GetAtt A.Arn, Description: d, Export: {Name: !Sub "${AWS::StackName}-arn"}}
)");
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ(parsed->description, "all of it");
  ASSERT_EQ(parsed->resources.size(), 2u);
  EXPECT_EQ(parsed->resources[0].condition, "Many");
  EXPECT_EQ(parsed->resources[0].deletion_policy, "Retain");
  EXPECT_EQ(parsed->resources[1].depends_on, std::vector<std::string>{"A"});
  EXPECT_EQ(parsed->parameters[0].default_value, "2");
  ASSERT_EQ(parsed->outputs.size(), 1u);
}

TEST(Template, RefusesWhatIsNoTemplate) {
  EXPECT_EQ(failure(""), "Template format error: unsupported structure.");
  EXPECT_EQ(failure("just text"), "Template format error: unsupported structure.");
  EXPECT_EQ(failure("[1]"), "Template format error: unsupported structure.");
  EXPECT_EQ(failure("--- {}"),
            "Template format error: At least one Resources member must be defined.");
  EXPECT_EQ(failure("--- {Foo: 1, Resources: {}}"),
            "Invalid template property or properties [Foo]");
  EXPECT_EQ(failure("--- {Transform: AWS::Serverless-2016-10-31, Resources: {}}"),
            "Template format error: transform [AWS::Serverless-2016-10-31] is not supported by "
            "Millstream");
}

TEST(Template, ResourcesHaveARightForm) {
  EXPECT_EQ(failure(with_resources("A-b: {Type: T}")),
            "Template format error: Resource name A-b is non alphanumeric.");
  EXPECT_EQ(failure(with_resources("A: {Properties: {}}")),
            "Template format error: [/Resources/A] Every Resources object must contain a Type "
            "member.");
  EXPECT_EQ(failure(with_resources("A: {Type: T, Foo: 1}")),
            "Invalid template resource property 'Foo'");
  EXPECT_EQ(failure(with_resources("A: {Type: T, Properties: {B: ~}}")),
            "[/Resources/A/Properties/B] 'null' values are not allowed in templates");
  EXPECT_EQ(failure(with_resources("A: {Type: T, DeletionPolicy: Snapshot}")),
            "Template format error: Unrecognized DeletionPolicy Snapshot for resource A");
}

TEST(Template, ReferencesMustResolve) {
  EXPECT_EQ(failure(with_resources("A: {Type: T, Properties: {P: !Ref X, Q: !Sub '${Y}'}}")),
            "Template format error: Unresolved resource dependencies [X, Y] in the Resources block "
            "of the template");
  EXPECT_EQ(failure(with_resources("A: {Type: T, DependsOn: X}")),
            "Template format error: Unresolved resource dependencies [X] in the Resources block of "
            "the template");
  EXPECT_EQ(failure(with_resources("A: {Type: T, Properties: {P: !GetAtt X.Arn}}")),
            "Template error: instance of Fn::GetAtt references undefined resource X");
  EXPECT_EQ(failure("--- {Resources: {A: {Type: T}}, Outputs: {O: {Value: !Ref X}}}"),
            "Template format error: Unresolved resource dependencies [X] in the Outputs block of "
            "the template");
  EXPECT_EQ(failure("--- {Conditions: {C: !Equals [!Ref A, 1]}, Resources: {A: {Type: T}}}"),
            "Template format error: Unresolved dependencies [A]. Cannot reference resources in the "
            "Conditions block of the template");
}

TEST(Template, CirclesAreNamed) {
  EXPECT_EQ(
      failure(with_resources("A: {Type: T, DependsOn: B}, B: {Type: T, Properties: {P: !Ref A}},"
                             "C: {Type: T, DependsOn: A}")),
      "Circular dependency between resources: [A, B]");
  EXPECT_EQ(failure("--- {Conditions: {C: !Not [!Condition D], D: !Not [!Condition C]},"
                    "Resources: {A: {Type: T}}}"),
            "Template error: Circular dependency between conditions: [C, D]");
}

TEST(Template, FunctionsHaveARightForm) {
  const auto with = [](const std::string& value) {
    return failure(with_resources("A: {Type: T, Properties: {P: " + value + "}}"));
  };
  EXPECT_EQ(with("!Select [1]"),
            "Template error: Fn::Select requires a list argument with two elements: an integer "
            "index and a list");
  EXPECT_TRUE(with("{Fn::Foo: 1}")
                  .starts_with("Template Error: Encountered unsupported function: Fn::Foo "
                               "Supported functions are: ["));
  EXPECT_EQ(with("{'Fn::ForEach::L': [x, [1], {}]}"),
            "Template format error: Fn::ForEach::L needs the transform AWS::LanguageExtensions, "
            "which is not supported by Millstream");
  EXPECT_EQ(with("!Sub '${a b}'"),
            "Template error: variable names in Fn::Sub syntax must contain only alphanumeric "
            "characters, underscores, periods, and colons");
  EXPECT_EQ(with("{Statement: {Condition: {StringEquals: {a: b}}}}"), "");
}

TEST(Dependencies, OrderFollowsReferencesAndElseTheTemplate) {
  auto parsed =
      parse_template(with_resources("A: {Type: T, Properties: {P: !GetAtt C.Arn}}, B: {Type: T}, "
                                    "C: {Type: T, Properties: {P: !Sub '${D}'}}, D: {Type: T}"));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(in_order({"A", "B", "C", "D"}, dependencies(*parsed)),
            (std::vector<std::string>{"B", "D", "C", "A"}));
}

}  // namespace
}  // namespace millstream::cloudformation
