#include <gtest/gtest.h>

#include <set>

#include "services/cloudformation/testing/stack_fixture.h"
#include "services/cloudformation/testing/templates.h"

namespace millstream::cloudformation::testing {
namespace {

std::string renamed(const std::string& stream) {
  return "Resources:\n  G: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: " +
         std::to_string(stream.size()) +
         "}}\n  S: {Type: AWS::Kinesis::Stream, DependsOn: G, "
         "Properties: {Name: " +
         stream + "}}\n";
}

// What stands must be what a run without a cut leaves.
void expect_whole(StackFixture& stacks) {
  EXPECT_EQ(stacks.status(), "CREATE_COMPLETE") << stacks.status_reason();
  EXPECT_EQ(stacks.services.standing.size(), 6u);
  EXPECT_EQ(stacks.services.standing.count("lambda/" + stacks.physical_id("Function")), 1u);
  EXPECT_EQ(stacks.services.standing.count("mapping/" + stacks.physical_id("Trigger")), 1u);
}

TEST(Resume, ACreationThatWasCutOffAnywhereIsFinished) {
  bool finished = false;
  for (int commits = 1; !finished; ++commits) {
    SCOPED_TRACE("cut after " + std::to_string(commits) + " transactions");
    ASSERT_LT(commits, 100);
    StackFixture stacks;
    stacks.lanes().commits_left = commits;
    ASSERT_EQ(stacks.create(kPipeline), "");
    finished = stacks.status() == "CREATE_COMPLETE";
    stacks.restart();
    expect_whole(stacks);
    stacks.remove();
    EXPECT_TRUE(stacks.services.standing.empty());
  }
}

TEST(Resume, ACreationThatCouldNotStoreAnywhereGoesOnWhenItCan) {
  bool finished = false;
  for (int commits = 1; !finished; ++commits) {
    SCOPED_TRACE("no more than " + std::to_string(commits) + " transactions for now");
    ASSERT_LT(commits, 100);
    StackFixture stacks;
    stacks.lanes().commits_left = commits;
    ASSERT_EQ(stacks.create(kPipeline), "");
    finished = stacks.status() == "CREATE_COMPLETE";
    EXPECT_EQ(stacks.warnings.empty(), finished);
    stacks.pass_time();
    stacks.lanes().commits_left.reset();
    stacks.pass_time();
    expect_whole(stacks);
  }
}

TEST(Resume, ADeletionThatWasCutOffAnywhereIsFinished) {
  bool finished = false;
  for (int commits = 1; !finished; ++commits) {
    SCOPED_TRACE("cut after " + std::to_string(commits) + " transactions");
    ASSERT_LT(commits, 100);
    StackFixture stacks;
    ASSERT_EQ(stacks.create(kPipeline), "");
    stacks.lanes().commits_left = commits;
    stacks.remove();
    finished = stacks.status() == "DELETE_COMPLETE";
    stacks.restart();
    EXPECT_EQ(stacks.status(), "DELETE_COMPLETE");
    EXPECT_TRUE(stacks.services.standing.empty());
  }
}

TEST(Resume, AnUpdateThatWasCutOffAnywhereIsFinished) {
  bool finished = false;
  for (int commits = 1; !finished; ++commits) {
    SCOPED_TRACE("cut after " + std::to_string(commits) + " transactions");
    ASSERT_LT(commits, 100);
    StackFixture stacks;
    ASSERT_EQ(stacks.create(renamed("old")), "");
    stacks.lanes().commits_left = commits;
    ASSERT_EQ(stacks.update(renamed("newer")), "");
    finished = stacks.status() == "UPDATE_COMPLETE";
    stacks.restart();
    EXPECT_EQ(stacks.status(), "UPDATE_COMPLETE");
    EXPECT_EQ(stacks.services.standing.count("kinesis/newer"), 1u);
    EXPECT_EQ(stacks.services.standing.size(), 2u);
    EXPECT_EQ(stacks.services.standing.at("logs/" + stacks.physical_id("G"))
                  .find("retentionInDays")
                  ->text(),
              "5");
  }
}

TEST(Resume, ARollbackThatWasCutOffAnywhereIsFinished) {
  bool finished = false;
  for (int commits = 1; !finished; ++commits) {
    SCOPED_TRACE("cut after " + std::to_string(commits) + " transactions");
    ASSERT_LT(commits, 100);
    StackFixture stacks;
    ASSERT_EQ(stacks.create(renamed("old")), "");
    // Stands in the way of the replacement, before and after the restart.
    stacks.services.standing["kinesis/newer"] = Value::map();
    stacks.lanes().commits_left = commits;
    ASSERT_EQ(stacks.update(renamed("newer")), "");
    finished = stacks.status() == "UPDATE_ROLLBACK_COMPLETE";
    stacks.restart();
    EXPECT_EQ(stacks.status(), "UPDATE_ROLLBACK_COMPLETE");
    EXPECT_EQ(stacks.services.standing.count("kinesis/old"), 1u);
    EXPECT_EQ(stacks.services.standing.count("kinesis/newer"), 1u);
    EXPECT_EQ(stacks.services.standing.size(), 3u);
    EXPECT_EQ(stacks.services.standing.at("logs/" + stacks.physical_id("G"))
                  .find("retentionInDays")
                  ->text(),
              "3");
  }
}

}  // namespace
}  // namespace millstream::cloudformation::testing
