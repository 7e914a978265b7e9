#include "aws/policy/resource_policy.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace millstream::aws::policy {
namespace {

constexpr char kStream[] = "arn:aws:kinesis:us-east-1:111111111111:stream/orders";
constexpr char kUser[] = "arn:aws:iam::222222222222:user/ann";

std::string statement(std::string_view effect, std::string_view principal, std::string_view action,
                      std::string_view resource = kStream) {
  return fmt::format(R"({{"Effect":"{}","Principal":{},"Action":"{}","Resource":"{}"}})", effect,
                     principal, action, resource);
}

Decision decide_on(const std::string& statements, std::string_view action = "kinesis:PutRecord",
                   std::string_view principal = kUser) {
  PolicySyntax policy;
  EXPECT_TRUE(read_policy(fmt::format(R"({{"Version":"2012-10-17","Statement":[{}]}})", statements),
                          &policy));
  return decide(policy, {"222222222222", principal, action, kStream});
}

TEST(ResourcePolicy, AllowsWhomItNames) {
  for (const char* principal :
       {R"({"AWS":"222222222222"})", R"({"AWS":"arn:aws:iam::222222222222:root"})",
        R"({"AWS":["333333333333","arn:aws:iam::222222222222:user/ann"]})", R"({"AWS":"*"})",
        R"("*")"}) {
    EXPECT_EQ(decide_on(statement("Allow", principal, "kinesis:PutRecord")), Decision::kAllowed)
        << principal;
  }
}

TEST(ResourcePolicy, DoesNotMentionOthers) {
  for (const char* principal : {R"({"AWS":"333333333333"})", R"({"Service":"222222222222"})",
                                R"({"AWS":"arn:aws:iam::222222222222:user/bob"})"}) {
    EXPECT_EQ(decide_on(statement("Allow", principal, "kinesis:PutRecord")),
              Decision::kNotMentioned)
        << principal;
  }
}

TEST(ResourcePolicy, ASessionStandsForItsRole) {
  const std::string allowed =
      statement("Allow", R"({"AWS":"arn:aws:iam::222222222222:role/reader"})", "kinesis:*");
  EXPECT_EQ(decide_on(allowed, "kinesis:GetRecords",
                      "arn:aws:sts::222222222222:assumed-role/reader/session"),
            Decision::kAllowed);
  EXPECT_EQ(decide_on(allowed, "kinesis:GetRecords",
                      "arn:aws:sts::222222222222:assumed-role/writer/session"),
            Decision::kNotMentioned);
}

TEST(ResourcePolicy, ActionsMatchWithStarsAndInAnyCase) {
  for (const char* action : {"*", "kinesis:*", "kinesis:Put*", "KINESIS:putrecord", "kinesis:P*d",
                             "kinesis:PutRecor?", "kinesis:*Put*Record*"}) {
    EXPECT_EQ(decide_on(statement("Allow", R"("*")", action)), Decision::kAllowed) << action;
  }
  for (const char* action : {"kinesis:PutRecords", "kinesis:Put", "kinesis:PutRecord?", "s3:*"}) {
    EXPECT_EQ(decide_on(statement("Allow", R"("*")", action)), Decision::kNotMentioned) << action;
  }
}

TEST(ResourcePolicy, ResourcesMatchWithStarsInTheirCase) {
  const auto on = [](std::string_view resource) {
    return decide_on(statement("Allow", R"("*")", "kinesis:*", resource));
  };
  EXPECT_EQ(on("*"), Decision::kAllowed);
  EXPECT_EQ(on("arn:aws:kinesis:*:111111111111:stream/ord*"), Decision::kAllowed);
  EXPECT_EQ(on("arn:aws:kinesis:us-east-1:111111111111:stream/Orders"), Decision::kNotMentioned);
}

TEST(ResourcePolicy, ADenialCountsMoreWhereverItStands) {
  const std::string allow = statement("Allow", R"("*")", "kinesis:*");
  const std::string deny = statement("Deny", R"({"AWS":"222222222222"})", "kinesis:PutRecord");
  EXPECT_EQ(decide_on(allow + "," + deny), Decision::kDenied);
  EXPECT_EQ(decide_on(deny + "," + allow), Decision::kDenied);
  EXPECT_EQ(decide_on(deny + "," + allow, "kinesis:GetRecords"), Decision::kAllowed);
}

TEST(ResourcePolicy, NegationsMeanAllOthers) {
  EXPECT_EQ(decide_on(R"({"Effect":"Allow","NotPrincipal":{"AWS":"333333333333"},)"
                      R"("NotAction":"kinesis:DeleteStream","NotResource":"arn:x"})"),
            Decision::kAllowed);
  EXPECT_EQ(decide_on(R"({"Effect":"Allow","NotPrincipal":{"AWS":"222222222222"},)"
                      R"("Action":"*","Resource":"*"})"),
            Decision::kNotMentioned);
}

TEST(ResourcePolicy, TakesWhatCanBeAttachedOnly) {
  const auto complaint = [](std::string_view statements) {
    return complaint_about_resource_policy(
        fmt::format(R"({{"Version":"2012-10-17","Statement":[{}]}})", statements));
  };
  EXPECT_EQ(complaint(statement("Allow", R"("*")", "kinesis:*")), std::nullopt);
  EXPECT_EQ(complaint_about_resource_policy("{"), "Syntax errors in policy.");
  EXPECT_EQ(complaint(R"({"Effect":"Allow","Action":"*","Resource":"*"})"),
            "Missing required field Principal");
  EXPECT_EQ(complaint(R"({"Effect":"Allow","Principal":"*","Resource":"*"})"),
            "Missing required field Action");
  EXPECT_EQ(complaint(R"({"Effect":"Allow","Principal":"*","Action":"*"})"),
            "Missing required field Resource");
  EXPECT_NE(complaint(R"({"Effect":"Allow","Principal":"*","Action":"*","Resource":"*",)"
                      R"("Condition":{"Bool":{"aws:SecureTransport":"true"}}})"),
            std::nullopt);
}

}  // namespace
}  // namespace millstream::aws::policy
