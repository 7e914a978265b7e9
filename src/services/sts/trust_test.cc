#include "services/sts/trust.h"

#include <gtest/gtest.h>

#include <string>

namespace millstream::sts {
namespace {

constexpr const char* kAccount = "111111111111";
constexpr const char* kSession = "arn:aws:sts::111111111111:assumed-role/deploy/me";
constexpr const char* kRole = "arn:aws:iam::111111111111:role/ci/deploy";

std::string statement(const std::string& effect, const std::string& principal,
                      const std::string& more = "") {
  return R"({"Effect": ")" + effect + R"(", "Action": "sts:AssumeRole", "Principal": {"AWS": ")" +
         principal + "\"}" + more + "}";
}

bool allows(const std::string& statements) {
  return trusts(R"({"Statement": )" + statements + "}", kAccount, kSession, kRole);
}

TEST(Trust, IsGivenToWhomAnAllowNames) {
  for (const char* principal : {"*", kAccount, "arn:aws:iam::111111111111:root", kSession, kRole}) {
    EXPECT_TRUE(allows(statement("Allow", principal))) << principal;
  }
  EXPECT_FALSE(allows(statement("Allow", "222222222222")));
  EXPECT_FALSE(allows(R"({"Effect": "Allow", "Action": "sts:AssumeRole",
                          "Principal": {"Service": "lambda.amazonaws.com"}})"));
  EXPECT_FALSE(allows(R"({"Effect": "Allow", "Action": "sts:TagSession",
                          "Principal": {"AWS": "*"}})"));
}

TEST(Trust, IsTakenByADeny) {
  EXPECT_FALSE(allows("[" + statement("Allow", "*") + "," + statement("Deny", kRole) + "]"));
  EXPECT_TRUE(allows("[" + statement("Allow", "*") + "," + statement("Deny", "2") + "]"));
}

TEST(Trust, IsNotGivenUnderConditions) {
  const std::string condition = R"(, "Condition": {"StringEquals": {"sts:ExternalId": "x"}})";
  EXPECT_FALSE(allows(statement("Allow", "*", condition)));
  EXPECT_FALSE(
      allows("[" + statement("Allow", "*") + "," + statement("Deny", "*", condition) + "]"));
}

}  // namespace
}  // namespace millstream::sts
