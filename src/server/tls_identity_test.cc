#include "server/tls_identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace millstream::server {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kYearMs = int64_t{365} * 24 * 60 * 60 * 1000;

class TlsIdentity : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = "/tmp/millstream_tls_XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string fingerprint() {
    auto identity = open_tls_identity(config_, directory_, clock_);
    return identity ? (*identity)->fingerprint() : identity.error().message;
  }

  Config config_;
  ManualClock clock_;
  std::string directory_;
};

TEST_F(TlsIdentity, IsMadeOnceForADataDirectory) {
  const std::string first = fingerprint();
  EXPECT_EQ(first.size(), 32u * 3 - 1);
  EXPECT_EQ(fingerprint(), first);
  clock_.advance_ms(9 * kYearMs);
  EXPECT_EQ(fingerprint(), first);
}

TEST_F(TlsIdentity, IsMadeAnewBeforeItEnds) {
  const std::string first = fingerprint();
  clock_.advance_ms(10 * kYearMs);
  const std::string second = fingerprint();
  EXPECT_EQ(second.size(), first.size());
  EXPECT_NE(second, first);
}

TEST_F(TlsIdentity, ADamagedFileIsRefusedAndLeftAlone) {
  const std::string path = directory_ + "/" + kTlsFileName;
  std::ofstream(path) << "-----BEGIN CERTIFICATE-----\n";
  EXPECT_THAT(fingerprint(), HasSubstr(path + " can't be used: "));
  EXPECT_EQ(std::filesystem::file_size(path), 28u);
}

TEST_F(TlsIdentity, GivenFilesComeFirst) {
  const std::string own = fingerprint();
  config_.tls_certificate = config_.tls_key = directory_ + "/given.pem";
  std::filesystem::rename(directory_ + "/" + kTlsFileName, config_.tls_key);
  EXPECT_EQ(fingerprint(), own);
  EXPECT_FALSE(std::filesystem::exists(directory_ + "/" + kTlsFileName));
  config_.tls_key = directory_ + "/gone.pem";
  EXPECT_THAT(fingerprint(), HasSubstr("The TLS key can't be used: "));
}

}  // namespace
}  // namespace millstream::server
