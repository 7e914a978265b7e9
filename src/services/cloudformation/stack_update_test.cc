#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/cloudformation/testing/stack_fixture.h"
#include "services/cloudformation/testing/templates.h"

namespace millstream::cloudformation::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A log group kept for some days, and a stream of some name.
std::string group_and_stream(int days, const std::string& stream) {
  return "Resources:\n  G: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: g, "
         "RetentionInDays: " +
         std::to_string(days) +
         "}}\n"
         "  S: {Type: AWS::Kinesis::Stream, DependsOn: G, Properties: {Name: " +
         stream + "}}\n";
}

TEST(UpdateStack, WithoutAChangeIsRefused) {
  StackFixture stacks;
  stacks.create(kPipeline);
  EXPECT_EQ(stacks.update(kPipeline), "No updates are to be performed.");
  EXPECT_EQ(stacks.status(), "CREATE_COMPLETE");
}

TEST(UpdateStack, ModifiesInPlace) {
  StackFixture stacks;
  stacks.create(kPipeline);
  const std::string function = stacks.physical_id("Function");
  EXPECT_EQ(stacks.update(kPipeline, {{.parameter_key = "Memory", .parameter_value = "256"}}), "");
  EXPECT_EQ(stacks.status(), "UPDATE_COMPLETE");
  EXPECT_EQ(stacks.physical_id("Function"), function);
  EXPECT_EQ(stacks.services.standing.at("lambda/" + function).find("MemorySize")->text(), "256");
  EXPECT_EQ(stacks.services.count("lambda UpdateFunctionConfiguration"), 1u);
  EXPECT_EQ(stacks.services.count("lambda UpdateFunctionCode"), 0u);
  EXPECT_EQ(stacks.services.count("lambda CreateFunction"), 1u);
}

TEST(UpdateStack, ReplacesByMakingFirstAndDeletingAfterwards) {
  StackFixture stacks;
  stacks.create(group_and_stream(1, "old"));
  EXPECT_EQ(stacks.update(group_and_stream(1, "new")), "");
  EXPECT_EQ(stacks.status(), "UPDATE_COMPLETE");
  const std::vector<std::string> events = stacks.events();
  EXPECT_THAT(std::vector<std::string>(events.begin() + 6, events.end()),
              ElementsAre("stack UPDATE_IN_PROGRESS", "S UPDATE_IN_PROGRESS", "S UPDATE_COMPLETE",
                          "stack UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "S DELETE_IN_PROGRESS",
                          "S DELETE_COMPLETE", "stack UPDATE_COMPLETE"));
  EXPECT_EQ(stacks.services.standing.count("kinesis/old"), 0u);
  EXPECT_EQ(stacks.services.standing.count("kinesis/new"), 1u);
  EXPECT_EQ(stacks.physical_id("S"), "new");
}

TEST(UpdateStack, AddsAndRemoves) {
  StackFixture stacks;
  stacks.create("Resources: {A: {Type: AWS::Kinesis::Stream, Properties: {Name: a}}}");
  EXPECT_EQ(stacks.update("Resources: {B: {Type: AWS::Kinesis::Stream, Properties: {Name: b}}}"),
            "");
  EXPECT_EQ(stacks.status(), "UPDATE_COMPLETE");
  EXPECT_EQ(stacks.services.standing.count("kinesis/a"), 0u);
  EXPECT_EQ(stacks.services.standing.count("kinesis/b"), 1u);
}

TEST(UpdateStack, AFailureBringsEverythingBack) {
  StackFixture stacks;
  stacks.create(group_and_stream(1, "old"));
  const std::string call = "kinesis CreateStream";
  stacks.services.failures.emplace(call, aws::Error("LimitExceededException", 400, "no more"));
  EXPECT_EQ(stacks.update(group_and_stream(9, "new")), "");
  EXPECT_EQ(stacks.status(), "UPDATE_ROLLBACK_COMPLETE");
  EXPECT_EQ(stacks.services.standing.at("logs/g").find("retentionInDays")->text(), "1");
  EXPECT_EQ(stacks.services.standing.count("kinesis/old"), 1u);
  EXPECT_EQ(stacks.services.standing.count("kinesis/new"), 0u);
  EXPECT_EQ(stacks.physical_id("S"), "old");
  EXPECT_EQ(stacks.update(group_and_stream(1, "old")), "No updates are to be performed.");
  EXPECT_EQ(stacks.update(group_and_stream(9, "new")), "");
  EXPECT_EQ(stacks.status(), "UPDATE_COMPLETE");
}

TEST(UpdateStack, WhatCannotBeChangedIsRefusedByName) {
  StackFixture stacks;
  stacks.create(kPipeline);
  EXPECT_EQ(stacks.update(kPipeline, {{.parameter_key = "Shards", .parameter_value = "4"}}),
            "Property ShardCount of resource Stream (AWS::Kinesis::Stream) can't be changed by "
            "Millstream yet. See docs/compatibility.md.");
  EXPECT_EQ(stacks.status(), "CREATE_COMPLETE");
}

TEST(UpdateStack, OfAStackThatIsNotThereIsRefused) {
  StackFixture stacks;
  EXPECT_EQ(stacks.update(kPipeline), "Stack [flights] does not exist");
}

TEST(ChangeSet, TellsWhatWillHappenAndDoesIt) {
  StackFixture stacks;
  stacks.create(group_and_stream(1, "old"));
  api::CreateChangeSetInput input;
  input.stack_name = "flights";
  input.change_set_name = "rename";
  input.template_body = group_and_stream(2, "new");
  ASSERT_TRUE(stacks.run(ops::create_change_set, input).ok());
  api::DescribeChangeSetInput describe;
  describe.stack_name = "flights";
  describe.change_set_name = "rename";
  auto described = stacks.run(ops::describe_change_set, describe);
  ASSERT_TRUE(described.ok());
  EXPECT_EQ(*described->status, "CREATE_COMPLETE");
  ASSERT_EQ(described->changes->size(), 2u);
  EXPECT_EQ(*described->changes->at(0).resource_change->replacement, "False");
  EXPECT_EQ(*described->changes->at(1).resource_change->replacement, "True");
  api::ExecuteChangeSetInput execute;
  execute.stack_name = "flights";
  execute.change_set_name = "rename";
  ASSERT_TRUE(stacks.run(ops::execute_change_set, execute).ok());
  stacks.settle();
  EXPECT_EQ(stacks.status(), "UPDATE_COMPLETE");
  EXPECT_EQ(*stacks.run(ops::describe_change_set, describe)->execution_status, "EXECUTE_COMPLETE");
  EXPECT_EQ(stacks.run(ops::execute_change_set, execute).error().type, "InvalidChangeSetStatus");
}

TEST(ChangeSet, WithoutAChangeFails) {
  StackFixture stacks;
  stacks.create(group_and_stream(1, "old"));
  api::CreateChangeSetInput input;
  input.stack_name = "flights";
  input.change_set_name = "nothing";
  input.template_body = group_and_stream(1, "old");
  ASSERT_TRUE(stacks.run(ops::create_change_set, input).ok());
  api::DescribeChangeSetInput describe;
  describe.stack_name = "flights";
  describe.change_set_name = "nothing";
  auto described = stacks.run(ops::describe_change_set, describe);
  EXPECT_EQ(*described->status, "FAILED");
  EXPECT_THAT(*described->status_reason,
              HasSubstr("The submitted information didn't contain changes."));
}

TEST(ChangeSet, OfANewStackPutsItUnderReview) {
  StackFixture stacks;
  api::CreateChangeSetInput input;
  input.stack_name = "flights";
  input.change_set_name = "first";
  input.change_set_type = "CREATE";
  input.template_body = group_and_stream(1, "old");
  auto made = stacks.run(ops::create_change_set, input);
  ASSERT_TRUE(made.ok());
  api::DescribeStacksInput describe;
  describe.stack_name = "flights";
  EXPECT_EQ(stacks.run(ops::describe_stacks, describe)->stacks->at(0).stack_status,
            "REVIEW_IN_PROGRESS");
  api::ExecuteChangeSetInput execute;
  execute.change_set_name = *made->id;
  ASSERT_TRUE(stacks.run(ops::execute_change_set, execute).ok());
  stacks.settle();
  EXPECT_EQ(stacks.run(ops::describe_stacks, describe)->stacks->at(0).stack_status,
            "CREATE_COMPLETE");
}

}  // namespace
}  // namespace millstream::cloudformation::testing
