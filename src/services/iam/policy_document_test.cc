#include "services/iam/policy_document.h"

#include <gtest/gtest.h>

#include <string>

namespace millstream::iam {
namespace {

std::string message(const aws::Result<>& result) {
  if (result.ok()) return "";
  EXPECT_EQ(result.error().type, "MalformedPolicyDocument");
  return result.error().message;
}

std::string policy(const std::string& statement) {
  return R"({"Version": "2012-10-17", "Statement": )" + statement + "}";
}

std::string complaint(const std::string& document) {
  return message(check_permissions_policy(document));
}

std::string trust_complaint(const std::string& document) {
  return message(check_trust_policy(document));
}

constexpr const char* kSyntax = "Syntax errors in policy.";

TEST(PermissionsPolicy, IsTakenInEveryWholeForm) {
  for (
      const char* statement : {
          R"({"Effect": "Allow", "Action": "*", "Resource": "*"})",
          R"([{"Sid": "a", "Effect": "Deny", "NotAction": ["s3:Get*"], "NotResource": "*"}])",
          R"({"Effect": "Allow", "Action": "logs:*", "Resource": "arn:aws:logs:*:*:*"})",
          R"({"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]})",
          R"({"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::1:role/r"})",
          R"({"Effect": "Allow", "Action": "kinesis:*", "Resource": "arn:aws-cn:kinesis:a:1:stream/s",
               "Condition": {"ForAnyValue:StringLikeIfExists": {"aws:TagKeys": ["a"]},
                             "Bool": {"aws:SecureTransport": true}}})",
      }) {
    EXPECT_EQ(complaint(policy(statement)), "") << statement;
  }
}

TEST(PermissionsPolicy, IsRefusedWhenItsFormIsWrong) {
  for (
      const std::string& document : {
          std::string("no json"),
          std::string("[]"),
          std::string(R"({"Version": "2012-10-17"})"),
          std::string(R"({"Version": "2013-10-17", "Statement": []})"),
          policy("[]"),
          policy(R"(["x"])"),
          policy(R"({"Effect": "perhaps", "Action": "a:b", "Resource": "*"})"),
          policy(R"({"Action": "a:b", "Resource": "*"})"),
          policy(R"({"Effect": "Allow", "Action": {}, "Resource": "*"})"),
          policy(R"({"Effect": "Allow", "Action": [[]], "Resource": "*"})"),
          policy(R"({"Effect": "Allow", "Action": [], "NotAction": "a:b", "Resource": "*"})"),
          policy(R"({"Effect": "Allow", "Action": "a:b", "Resource": "*", "Extra": 1})"),
          policy(R"({"Effect": "Allow", "Action": "a:b", "Resource": "*", "Condition": "a"})"),
          policy(
              R"({"Effect": "Allow", "Action": "a:b", "Resource": "*", "Condition": {"a": "b"}})"),
          policy(
              R"({"Effect": "Allow", "Action": "a:b", "Resource": "*", "Condition": {"a": {"b": "c"}}})"),
          policy(R"({"Effect": "Allow", "Action": "a:b", "Resource": "*", "Sid": {}})"),
      }) {
    EXPECT_EQ(complaint(document), kSyntax) << document;
  }
}

TEST(PermissionsPolicy, IsRefusedInIamsWords) {
  const std::string allow = R"({"Effect": "Allow", "Action": "s3:ListBucket")";
  EXPECT_EQ(complaint(R"({"Statement": {"Effect": "Allow", "Action": "a:b", "Resource": "*"}})"),
            "Policy document must be version 2012-10-17 or greater.");
  EXPECT_EQ(complaint(policy(R"({"Effect": "allow", "Action": "a:b", "Resource": "*"})")),
            "The policy failed legacy parsing");
  EXPECT_EQ(complaint(policy(R"({"Effect": "Allow", "Resource": "*"})")),
            "Policy statement must contain actions.");
  EXPECT_EQ(complaint(policy(R"({"Effect": "Allow", "Action": "invalid"})")),
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
  EXPECT_EQ(complaint(policy(R"({"Effect": "Allow", "Action": "s3:List:B", "Resource": "*"})")),
            "Actions/Condition can contain only one colon.");
  EXPECT_EQ(complaint(policy(R"({"Effect": "Allow", "Action": "a a:B", "Resource": "*"})")),
            "Vendor a a is not valid");
  EXPECT_EQ(complaint(policy(allow + "}")), "Policy statement must contain resources.");
  EXPECT_EQ(complaint(policy(allow + R"(, "Resource": []})")),
            "Policy statement must contain resources.");
  EXPECT_EQ(complaint(policy("[" + allow + R"(, "Resource": "*", "Sid": "a"},)" + allow +
                             R"(, "Resource": "*", "Sid": "a"}])")),
            "Statement IDs (SID) in a single policy must be unique.");
}

TEST(PermissionsPolicy, NamesTheResourceThatIsNoArn) {
  const auto with = [](const std::string& resource) {
    return complaint(policy(R"({"Effect": "Allow", "Action": "s3:ListBucket", "Resource": ")" +
                            resource + "\"}"));
  };
  EXPECT_EQ(with("a b"), "Resource a b must be in ARN format or \"*\".");
  EXPECT_EQ(with(""), "Resource  must be in ARN format or \"*\".");
  EXPECT_EQ(with("a:b:cadfsdf"),
            "Partition \"b\" is not valid for resource \"arn:b:cadfsdf:*:*:*\".");
  EXPECT_EQ(with("a:b:c:d:e:f:g:h"),
            "Partition \"b\" is not valid for resource \"arn:b:c:d:e:f:g:h\".");
  EXPECT_EQ(with("aws:s3:::example_bucket"),
            "Partition \"s3\" is not valid for resource \"arn:s3:::example_bucket:*\".");
  EXPECT_EQ(with("arn:aws"), "Resource vendor must be fully qualified and cannot contain regexes.");
  EXPECT_EQ(with("arn:aws:s3::example_bucket"), "The policy failed legacy parsing");
  EXPECT_EQ(with("arn:aws:s3:us-east-1::bucket"),
            "Resource arn:aws:s3:us-east-1::bucket can not contain region information.");
  EXPECT_EQ(with("arn:aws:iam:us-east-1:1:role/r"),
            "IAM resource arn:aws:iam:us-east-1:1:role/r cannot contain region information.");
  EXPECT_TRUE(with("arn:aws:iam:::example_bucket").starts_with("IAM resource path must either be"));
}

TEST(TrustPolicy, IsTakenInEveryWholeForm) {
  for (const char* document : {
           R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
               "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})",
           R"({"Statement": {"Effect": "Allow", "Principal": {"AWS": ["1", "2"]},
               "Action": ["sts:AssumeRole", "sts:TagSession"]}})",
           R"({"Version": "2008-10-17", "Statement": [{"Sid": "", "Effect": "Deny",
               "Principal": {"AWS": "*"}, "Action": "sts:*"}]})",
       }) {
    EXPECT_EQ(trust_complaint(document), "") << document;
  }
}

TEST(TrustPolicy, IsRefusedInIamsWords) {
  EXPECT_EQ(trust_complaint("{"), "This policy contains invalid Json");
  EXPECT_EQ(trust_complaint("{}"), kSyntax);
  EXPECT_EQ(trust_complaint(policy(R"({"Effect": "Allow", "Action": "sts:AssumeRole"})")),
            "Missing required field Principal");
  EXPECT_EQ(trust_complaint(policy(R"({"Effect": "Allow", "Principal": {"AWS": "1"},
                                       "Action": "sts:AssumeRole", "Resource": "*"})")),
            "Has prohibited field Resource");
  EXPECT_EQ(trust_complaint(policy(R"({"Effect": "Allow", "Principal": {"AWS": "1"},
                                       "Action": "s3:GetObject"})")),
            "AssumeRole policy may only specify STS AssumeRole actions.");
  EXPECT_EQ(trust_complaint(policy(R"({"Effect": "Allow", "Principal": "*",
                                       "Action": "sts:AssumeRole"})")),
            "AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\".");
}

TEST(PolicySize, CountsNoWhiteSpace) {
  EXPECT_EQ(policy_size("{ \"a\":\t1,\r\n \"b\": 2 }"), 13u);
}

}  // namespace
}  // namespace millstream::iam
