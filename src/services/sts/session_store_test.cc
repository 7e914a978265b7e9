#include "services/sts/session_store.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "lanes/testing/lanes_fixture.h"

namespace millstream::sts {
namespace {

constexpr int64_t kHourMs = 3'600'000;

class SessionStoreTest : public testing::Test {
 protected:
  SessionStoreTest() { open(); }

  void open() {
    credentials_ = std::make_unique<aws::CredentialStore>();
    store_ = std::make_unique<SessionStore>(node_.lanes(), *credentials_, node_.clock());
    ASSERT_TRUE(store_->load().ok());
  }
  void restart() {
    store_.reset();
    node_.restart();
    open();
  }
  Session add(const std::string& listener_label = "") {
    Session session{.account = "123456789012",
                    .role_name = "deploy",
                    .role_id = "AROA11111111111111111",
                    .name = "me",
                    .expires_ms = node_.clock().wall_ms() + kHourMs,
                    .listener_label = listener_label};
    draw_credentials(node_.random(), &session);
    EXPECT_TRUE(node_.run(store_->add(node_.home(), session)).ok());
    return session;
  }

  lanes::testing::LanesFixture node_;
  std::unique_ptr<aws::CredentialStore> credentials_;
  std::unique_ptr<SessionStore> store_;
};

TEST_F(SessionStoreTest, AKeyIsKnownAtOnceAndAfterACrash) {
  const Session session = add();
  for (int i = 0; i < 2; ++i) {
    const auto credential = credentials_->find(session.access_key_id);
    ASSERT_TRUE(credential);
    EXPECT_EQ(credential->secret_access_key, session.secret_access_key);
    EXPECT_EQ(credential->session_token, session.session_token);
    EXPECT_EQ(credential->account, "123456789012");
    EXPECT_EQ(credential->principal_arn, "arn:aws:sts::123456789012:assumed-role/deploy/me");
    EXPECT_EQ(credential->expires_ms, session.expires_ms);
    EXPECT_EQ(store_->find(session.access_key_id)->user_id(), "AROA11111111111111111:me");
    restart();
  }
}

TEST_F(SessionStoreTest, AKeyIsGoodOnTheListenerThatItWasAskedForBy) {
  const Session session = add("environment:ASIA1");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(credentials_->find(session.access_key_id)->listener_label, "environment:ASIA1");
    restart();
  }
  EXPECT_EQ(credentials_->find(add().access_key_id)->listener_label, "");
}

TEST_F(SessionStoreTest, ASessionIsSweptOutADayAfterItExpired) {
  const Session old = add();
  node_.clock().advance_ms(24 * kHourMs);
  add();
  EXPECT_TRUE(store_->find(old.access_key_id));
  node_.clock().advance_ms(2 * kHourMs);
  const Session young = add();
  EXPECT_FALSE(store_->find(old.access_key_id));
  EXPECT_FALSE(credentials_->find(old.access_key_id));
  EXPECT_TRUE(store_->find(young.access_key_id));
}

}  // namespace
}  // namespace millstream::sts
