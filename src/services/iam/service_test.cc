#include "services/iam/service.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "lanes/testing/lanes_fixture.h"
#include "services/iam/operations.gen.h"

namespace millstream::iam {
namespace {

constexpr const char* kTrust =
    R"({"Statement": {"Effect": "Allow", "Principal": {"AWS": "1"}, "Action": "sts:AssumeRole"}})";
constexpr const char* kPolicy =
    R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})";

class IamTest : public testing::Test {
 protected:
  IamTest() { open(); }

  void open() {
    service_ = std::make_unique<Service>(node_.lanes(), node_.random(), ServiceOptions{});
    ASSERT_TRUE(service_->load().ok());
  }
  // Loses what a crash loses.
  void restart() {
    service_.reset();
    node_.restart();
    open();
  }

  aws::Result<api::CreateRoleResponse> create_role(const std::string& name) {
    api::CreateRoleRequest input;
    input.role_name = name;
    input.assume_role_policy_document = kTrust;
    return node_.run(ops::create_role(*service_, context_, input));
  }
  std::string create_policy(const std::string& name) {
    api::CreatePolicyRequest input;
    input.policy_name = name;
    input.path = "/team/";
    input.policy_document = kPolicy;
    auto made = node_.run(ops::create_policy(*service_, context_, input));
    EXPECT_TRUE(made.ok());
    return *made->policy->arn;
  }
  aws::Result<aws::Empty> attach(const std::string& role, const std::string& arn) {
    api::AttachRolePolicyRequest input;
    input.role_name = role;
    input.policy_arn = arn;
    return node_.run(ops::attach_role_policy(*service_, context_, input));
  }
  aws::Result<aws::Empty> detach(const std::string& role, const std::string& arn) {
    api::DetachRolePolicyRequest input;
    input.role_name = role;
    input.policy_arn = arn;
    return node_.run(ops::detach_role_policy(*service_, context_, input));
  }
  aws::Result<aws::Empty> put_policy(const std::string& role, const std::string& document) {
    api::PutRolePolicyRequest input;
    input.role_name = role;
    input.policy_name = "inline";
    input.policy_document = document;
    return node_.run(ops::put_role_policy(*service_, context_, input));
  }
  aws::Result<aws::Empty> delete_role(const std::string& name) {
    api::DeleteRoleRequest input;
    input.role_name = name;
    return node_.run(ops::delete_role(*service_, context_, input));
  }
  aws::Result<aws::Empty> delete_policy(const std::string& arn) {
    api::DeletePolicyRequest input;
    input.policy_arn = arn;
    return node_.run(ops::delete_policy(*service_, context_, input));
  }

  lanes::testing::LanesFixture node_;
  std::unique_ptr<Service> service_;
  aws::RequestContext context_{.home = node_.home(),
                               .request_id = "request",
                               .account = "000000000000",
                               .region = "us-east-1",
                               .principal_arn = "arn:aws:iam::000000000000:root",
                               .now_ms = 1'700'000'000'000};
};

TEST_F(IamTest, ARoleWithItsPoliciesOutlivesACrash) {
  const auto made = create_role("reader");
  ASSERT_TRUE(made.ok());
  const std::string arn = create_policy("shared");
  ASSERT_TRUE(attach("reader", arn).ok());
  ASSERT_TRUE(put_policy("reader", kPolicy).ok());

  restart();

  const auto role = service_->catalog().find_role("000000000000", "reader");
  ASSERT_TRUE(role);
  EXPECT_EQ(role->id, made->role.role_id);
  EXPECT_EQ(role->trust_policy, kTrust);
  EXPECT_EQ(role->created_ms, node_.clock().wall_ms());
  EXPECT_EQ(role->policies.at("inline"), kPolicy);
  EXPECT_TRUE(role->attached.contains(arn));
  EXPECT_EQ(service_->catalog().find_policy(arn)->attachment_count, 1);
}

TEST_F(IamTest, NamesThatDifferInCaseOnlyClash) {
  ASSERT_TRUE(create_role("Reader").ok());
  const auto again = create_role("reader");
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().type, "EntityAlreadyExists");
  EXPECT_EQ(again.error().message, "Role with name reader already exists.");
  EXPECT_FALSE(service_->catalog().find_role("000000000000", "reader"));
}

TEST_F(IamTest, AccountsDontSeeEachOthersRoles) {
  ASSERT_TRUE(create_role("reader").ok());
  context_.account = "111111111111";
  EXPECT_EQ(delete_role("reader").error().message, "The role with name reader cannot be found.");
  EXPECT_TRUE(create_role("reader").ok());
}

TEST_F(IamTest, ARoleIsDeletedOnlyWithoutPolicies) {
  ASSERT_TRUE(create_role("reader").ok());
  ASSERT_TRUE(attach("reader", "arn:aws:iam::aws:policy/ReadOnlyAccess").ok());
  ASSERT_TRUE(put_policy("reader", kPolicy).ok());
  EXPECT_EQ(delete_role("reader").error().message,
            "Cannot delete entity, must detach all policies first.");
  ASSERT_TRUE(detach("reader", "arn:aws:iam::aws:policy/ReadOnlyAccess").ok());
  EXPECT_EQ(delete_role("reader").error().message,
            "Cannot delete entity, must delete policies first.");
}

TEST_F(IamTest, APolicyIsDeletedOnlyWhenNoRoleHasIt) {
  const std::string arn = create_policy("shared");
  ASSERT_TRUE(create_role("one").ok());
  ASSERT_TRUE(create_role("two").ok());
  ASSERT_TRUE(attach("one", arn).ok());
  ASSERT_TRUE(attach("one", arn).ok());  // is attached already: counts once
  ASSERT_TRUE(attach("two", arn).ok());
  ASSERT_TRUE(detach("one", arn).ok());
  EXPECT_EQ(delete_policy(arn).error().message, "Cannot delete a policy attached to entities.");
  ASSERT_TRUE(detach("two", arn).ok());
  EXPECT_TRUE(delete_policy(arn).ok());
  EXPECT_EQ(attach("one", arn).error().message,
            "Policy " + arn + " does not exist or is not attachable.");
}

TEST_F(IamTest, ARolesInlinePoliciesAreLimitedTogether) {
  ASSERT_TRUE(create_role("reader").ok());
  const std::string large = R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow",
      "Action": "*", "Resource": "*", "Sid": ")" +
                            std::string(10'240, 'a') + "\"}}";
  const auto put = put_policy("reader", large);
  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().type, "LimitExceeded");
  EXPECT_EQ(put.error().message, "Maximum policy size of 10240 bytes exceeded for role reader");
  EXPECT_TRUE(service_->catalog().find_role("000000000000", "reader")->policies.empty());
}

}  // namespace
}  // namespace millstream::iam
