#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/cloudformation/testing/stack_fixture.h"
#include "services/cloudformation/testing/templates.h"

namespace millstream::cloudformation::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

constexpr const char* kTwoStreams = R"(
Resources:
  A: {Type: AWS::Kinesis::Stream, Properties: {Name: a, ShardCount: 1}}
  B: {Type: AWS::Kinesis::Stream, Properties: {Name: !Sub "${A}-b", ShardCount: 1}}
)";

TEST(CreateStack, MakesResourcesInTheOrderOfTheirReferences) {
  StackFixture stacks;
  EXPECT_EQ(stacks.create(kPipeline), "");
  EXPECT_EQ(stacks.status(), "CREATE_COMPLETE") << stacks.status_reason();
  EXPECT_EQ(stacks.services.standing.size(), 6u);
  EXPECT_EQ(stacks.outputs()["StreamArn"], "arn:fake:kinesis:departures");
  const std::string function = stacks.physical_id("Function");
  EXPECT_THAT(function, MatchesRegex("flights-Function-[A-Za-z0-9]{12}"));
  EXPECT_EQ(stacks.outputs()["FunctionName"], function);
  EXPECT_TRUE(stacks.services.standing.count("logs//aws/lambda/" + function));
  EXPECT_EQ(stacks.services.standing.at("lambda/" + function).find("MemorySize")->text(), "128");
}

TEST(CreateStack, TellsEachStepInItsEvents) {
  StackFixture stacks;
  stacks.create(kTwoStreams);
  EXPECT_THAT(stacks.events(),
              ElementsAre("stack CREATE_IN_PROGRESS", "A CREATE_IN_PROGRESS", "A CREATE_COMPLETE",
                          "B CREATE_IN_PROGRESS", "B CREATE_COMPLETE", "stack CREATE_COMPLETE"));
}

TEST(CreateStack, RefusesByNameBeforeAnythingIsMade) {
  StackFixture stacks;
  EXPECT_EQ(stacks.create("Resources: {Q: {Type: AWS::SQS::Queue}}"),
            "Template format error: Unrecognized resource types: [AWS::SQS::Queue]");
  EXPECT_EQ(stacks.create("Resources: {S: {Type: AWS::Kinesis::Stream, Properties: {"
                          "StreamEncryption: {EncryptionType: KMS}}}}"),
            "Property StreamEncryption of resource S (AWS::Kinesis::Stream) is not supported by "
            "Millstream yet. See docs/compatibility.md.");
  EXPECT_THAT(stacks.create("Resources: {S: {Type: AWS::Kinesis::Stream, Properties: {Foo: 1}}}"),
              HasSubstr("extraneous key [Foo] is not permitted"));
  EXPECT_THAT(stacks.create("Resources: {T: {Type: AWS::DynamoDB::Table}}"),
              HasSubstr("required key [KeySchema] not found"));
  EXPECT_EQ(stacks.create("Resources: {S: {Type: AWS::Kinesis::Stream}, L: {Type: "
                          "AWS::Logs::LogGroup, Properties: {LogGroupName: !GetAtt S.Color}}}"),
            "Template error: resource S does not support attribute type Color in Fn::GetAtt");
  EXPECT_TRUE(stacks.services.calls.empty());
}

TEST(CreateStack, AFailureRollsBackWithItsReason) {
  StackFixture stacks;
  stacks.services.standing["kinesis/a-b"] = Value::map();
  EXPECT_EQ(stacks.create(kTwoStreams), "");
  EXPECT_EQ(stacks.status(), "ROLLBACK_COMPLETE");
  EXPECT_THAT(stacks.reason_of("B"),
              StartsWith("Resource handler returned message: \"Resource of type "
                         "'AWS::Kinesis::Stream' with identifier 'a-b' already exists.\" "
                         "(RequestToken: "));
  EXPECT_THAT(stacks.reason_of("B"), HasSubstr("HandlerErrorCode: AlreadyExists)"));
  EXPECT_EQ(stacks.reason_of("stack"), "");
  EXPECT_THAT(stacks.events(),
              ElementsAre("stack CREATE_IN_PROGRESS", "A CREATE_IN_PROGRESS", "A CREATE_COMPLETE",
                          "B CREATE_FAILED", "stack ROLLBACK_IN_PROGRESS", "A DELETE_IN_PROGRESS",
                          "A DELETE_COMPLETE", "stack ROLLBACK_COMPLETE"));
  // What was there before stays.
  EXPECT_EQ(stacks.services.standing.size(), 1u);
}

TEST(CreateStack, WhatAFailedResourceLeftBehindIsDeleted) {
  StackFixture stacks;
  const std::string call = "logs PutRetentionPolicy";
  stacks.services.failures.emplace(call, aws::Error("InvalidParameterException", 400, "no"));
  stacks.create(
      "Resources: {L: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: l, "
      "RetentionInDays: 2}}}");
  EXPECT_EQ(stacks.status(), "ROLLBACK_COMPLETE");
  EXPECT_TRUE(stacks.services.standing.empty());
}

TEST(CreateStack, ADeletionMeanwhileTakesOver) {
  for (const char* call : {"kinesis CreateStream", "lambda CreateFunction",
                           "lambda CreateEventSourceMapping", "logs DescribeLogGroups"}) {
    SCOPED_TRACE(call);
    StackFixture stacks;
    bool asked = false;
    stacks.services.on_call = [&](const std::string& made) {
      if (made == call && !std::exchange(asked, true)) stacks.begin_remove();
    };
    stacks.create(kPipeline);
    stacks.settle();
    EXPECT_EQ(stacks.status(), "DELETE_COMPLETE");
    EXPECT_TRUE(stacks.services.standing.empty());
  }
}

TEST(CreateStack, WithoutRollbackStaysForAnUpdate) {
  StackFixture stacks;
  stacks.services.standing["kinesis/a-b"] = Value::map();
  api::CreateStackInput input;
  input.stack_name = "flights";
  input.template_body = kTwoStreams;
  input.disable_rollback = true;
  ASSERT_TRUE(stacks.run(ops::create_stack, input).ok());
  stacks.settle();
  api::DescribeStacksInput describe;
  describe.stack_name = "flights";
  const auto status = [&] {
    return stacks.run(ops::describe_stacks, describe)->stacks->at(0).stack_status;
  };
  EXPECT_EQ(status(), "CREATE_FAILED");
  EXPECT_EQ(stacks.services.standing.count("kinesis/a"), 1u);
  stacks.services.standing.erase("kinesis/a-b");
  EXPECT_EQ(stacks.update(kTwoStreams), "");
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_EQ(stacks.services.standing.size(), 2u);
}

TEST(CreateStack, ADeletedStackIsFoundByItsIdentifierAlone) {
  StackFixture stacks;
  stacks.create(kPipeline);
  stacks.remove();
  EXPECT_EQ(stacks.status(), "DELETE_COMPLETE");
  EXPECT_TRUE(stacks.services.standing.empty());
  api::DescribeStacksInput by_name;
  by_name.stack_name = "flights";
  EXPECT_EQ(stacks.run(ops::describe_stacks, by_name).error().message,
            "Stack with id flights does not exist");
  EXPECT_EQ(stacks.create(kTwoStreams), "");
  EXPECT_EQ(stacks.status(), "CREATE_COMPLETE");
}

TEST(CreateStack, RetainedResourcesStay) {
  StackFixture stacks;
  stacks.create(
      "Resources: {A: {Type: AWS::Kinesis::Stream, DeletionPolicy: Retain, Properties: "
      "{Name: a}}}");
  stacks.remove();
  EXPECT_EQ(stacks.status(), "DELETE_COMPLETE");
  EXPECT_EQ(stacks.services.standing.count("kinesis/a"), 1u);
}

TEST(CreateStack, AResourceThatCannotBeDeletedIsNamed) {
  StackFixture stacks;
  stacks.create(kTwoStreams);
  const std::string call = "kinesis DeleteStream";
  stacks.services.failures.emplace(call, aws::Error("InternalFailure", 500, "not now"));
  stacks.remove();
  EXPECT_EQ(stacks.status(), "DELETE_FAILED");
  EXPECT_EQ(stacks.status_reason(), "The following resource(s) failed to delete: [B]. ");
  EXPECT_EQ(stacks.services.standing.size(), 2u);
  stacks.remove();
  EXPECT_EQ(stacks.status(), "DELETE_COMPLETE");
}

TEST(CreateStack, CapabilitiesAreAsked) {
  StackFixture stacks;
  api::CreateStackInput input;
  input.stack_name = "s";
  input.template_body = kPipeline;
  auto refused = stacks.run(ops::create_stack, input);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().type, "InsufficientCapabilitiesException");
  EXPECT_EQ(refused.error().message, "Requires capabilities : [CAPABILITY_IAM]");
}

TEST(CreateStack, ExportsAreSharedAndGuarded) {
  StackFixture stacks;
  stacks.create(
      "Resources: {A: {Type: AWS::Kinesis::Stream, Properties: {Name: a}}}\n"
      "Outputs: {O: {Value: !Ref A, Export: {Name: shared}}}");
  api::CreateStackInput importer;
  importer.stack_name = "importer";
  importer.template_body =
      "Resources: {B: {Type: AWS::Kinesis::Stream, Properties: {Name: !Sub "
      "['${x}-b', {x: !ImportValue shared}]}}}";
  ASSERT_TRUE(stacks.run(ops::create_stack, importer).ok());
  stacks.settle();
  EXPECT_EQ(stacks.services.standing.count("kinesis/a-b"), 1u);
  api::DeleteStackInput exporter;
  exporter.stack_name = "flights";
  EXPECT_EQ(stacks.run(ops::delete_stack, exporter).error().message,
            "Export shared cannot be deleted as it is in use by importer");
}

}  // namespace
}  // namespace millstream::cloudformation::testing
