#include "server/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace millstream::server {
namespace {

using ::testing::HasSubstr;

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) {
    char name[] = "/tmp/millstream_config_XXXXXX";
    const int fd = mkstemp(name);
    EXPECT_GE(fd, 0);
    close(fd);
    path_ = name;
    std::ofstream(path_) << text;
  }
  ~TemporaryFile() { unlink(path_.c_str()); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Environment variables(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

TEST(Config, HasTheDocumentedDefaults) {
  const auto config = load_config({}, variables({}), "");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->listen.text(), "127.0.0.1:4566");
  EXPECT_EQ(config->data, "./data");
  EXPECT_EQ(config->account, "000000000000");
  EXPECT_EQ(config->durability, journal::Durability::kFsync);
  EXPECT_FALSE(config->aws_quotas);
  EXPECT_FALSE(config->allow_reset);
}

TEST(Config, QuotasAreSetOneByOne) {
  const TemporaryFile file(
      "[quota]\nkinesis.shards = 1\nkinesis.tags-per-resource = 2\n"
      "'kinesis.on-demand-streams' = 3\n");
  const auto config = load_config(
      {{"quota", "kinesis.shards=6,kinesis.consumers-per-stream=7"}},
      variables({{"MILLSTREAM_QUOTA", "kinesis.shards=4"}, {"MILLSTREAM_TRANSITION_MS", "250"}}),
      file.path());
  ASSERT_TRUE(config.ok()) << config.error().message;
  const aws::QuotaValues expected = {{"kinesis.consumers-per-stream", 7},
                                     {"kinesis.on-demand-streams", 3},
                                     {"kinesis.shards", 6},
                                     {"kinesis.tags-per-resource", 2}};
  EXPECT_EQ(config->quota_values, expected);
  EXPECT_EQ(config->transition_ms, 250);
}

TEST(Config, ARateIsSetOnlyWhereRatesAreHeld) {
  const Given rate = {{"quota", "kinesis.shard-reads=9"}};
  EXPECT_FALSE(load_config(rate, variables({}), "").ok());
  EXPECT_TRUE(load_config(rate, variables({{"MILLSTREAM_QUOTAS", "aws"}}), "").ok());
}

TEST(Config, AFlagWinsOverAVariableAndThatOverTheFile) {
  const TemporaryFile file(
      "data = '/from/file'\naccount = '111111111111'\nregion = 'eu-west-1'\nallow_reset = true\n"
      "threads = 3\n");
  const auto config = load_config({{"data", "/from/flag"}},
                                  variables({{"MILLSTREAM_DATA", "/from/variable"},
                                             {"MILLSTREAM_ACCOUNT", "222222222222"},
                                             {"MILLSTREAM_ACCEPT_UNKNOWN_KEYS", "true"},
                                             {"MILLSTREAM_FUNCTION_NETWORK", "host"}}),
                                  file.path());
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->data, "/from/flag");
  EXPECT_EQ(config->account, "222222222222");
  EXPECT_EQ(config->region, "eu-west-1");
  EXPECT_EQ(config->function_network, Config::FunctionNetwork::kHost);
  EXPECT_TRUE(config->allow_reset);
  EXPECT_EQ(config->threads, 3u);
}

TEST(Config, BelievesUnknownKeysOnlyWhereNobodyElseCouldUseThem) {
  const auto key =
      variables({{"MILLSTREAM_ACCESS_KEY_ID", "id"}, {"MILLSTREAM_SECRET_ACCESS_KEY", "secret"}});
  const auto believes = [](const Given& flags, const Environment& environment) {
    const auto config = load_config(flags, environment, "");
    EXPECT_TRUE(config.ok()) << config.error().message;
    return config.ok() && config->believes_unknown_keys();
  };
  EXPECT_TRUE(believes({}, variables({})));
  EXPECT_FALSE(believes({}, key));
  EXPECT_TRUE(believes({{"accept-unknown-keys", "true"}}, key));
  EXPECT_FALSE(believes({{"listen", "0.0.0.0:4566"}}, key));
  for (const Given& shared :
       {Given{{"function-network", "host"}}, Given{{"isolation", "process"}}}) {
    EXPECT_FALSE(believes(shared, key));
    const auto refused = load_config(shared, variables({}), "");
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.error().message, HasSubstr("or say --accept-unknown-keys"));
    Given asked = shared;
    asked["accept-unknown-keys"] = "true";
    EXPECT_TRUE(believes(asked, variables({})));
  }
  const auto beyond =
      load_config({{"listen", "0.0.0.0:4566"}, {"accept-unknown-keys", "true"}}, key, "");
  ASSERT_FALSE(beyond.ok());
  EXPECT_THAT(beyond.error().message, HasSubstr("doesn't go with listening on 0.0.0.0:4566"));
}

TEST(Config, EveryBadValueGivesOneSentenceThatNamesIt) {
  const std::pair<Given, std::string> cases[] = {
      {{{"listen", "4566"}}, "--listen: '4566' is not an address and port"},
      {{{"data", ""}}, "--data: The data directory is empty."},
      {{{"account", "12"}}, "--account: '12' is not an account of twelve digits."},
      {{{"region", "Mars!"}}, "--region: 'Mars!' is not a region"},
      {{{"durability", "maybe"}}, "--durability: 'maybe' is not fsync or none."},
      {{{"quotas", "x"}}, "--quotas: 'x' is not off or aws."},
      {{{"isolation", "x"}}, "--isolation: 'x' is not namespaces or process."},
      {{{"function-network", "x"}}, "--function-network: 'x' is not isolated or host."},
      {{{"log-level", "loud"}}, "--log-level: 'loud' is not debug or info"},
      {{{"threads", "0"}}, "--threads: '0' is not a number from 1 to 256."},
      {{{"threads", "2x"}}, "--threads: '2x' is not a number from 1 to 256."},
  };
  for (const auto& [flags, sentence] : cases) {
    const auto config = load_config(flags, variables({}), "");
    ASSERT_FALSE(config.ok()) << sentence;
    EXPECT_THAT(config.error().message, HasSubstr(sentence));
  }
}

TEST(Config, RefusesAFileThatItDoesNotUnderstand) {
  const std::pair<std::string, std::string> cases[] = {
      {"colour = 'red'", "unknown setting 'colour'"},
      {"data = [1]", "'data' in"},
      {"data = ", "can't be read"},
      {"[[keys]]\naccess_key_id = 'a'", "both access_key_id and secret_access_key"},
      {"[[keys]]\nsecret = 'a'", "'secret' is no part of a key"},
      {"durability = 'no'", "'no' is not fsync or none"},
  };
  for (const auto& [text, sentence] : cases) {
    const TemporaryFile file(text);
    const auto config = load_config({}, variables({}), file.path());
    ASSERT_FALSE(config.ok()) << text;
    EXPECT_THAT(config.error().message, HasSubstr(sentence));
  }
  EXPECT_FALSE(load_config({}, variables({}), "/nowhere/millstream.toml").ok());
}

TEST(Config, ListeningBeyondThisMachineNeedsAKey) {
  const Given open = {{"listen", "0.0.0.0:4566"}};
  const auto refused = load_config(open, variables({}), "");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("set MILLSTREAM_ACCESS_KEY_ID"));
  const auto half = load_config(open, variables({{"MILLSTREAM_ACCESS_KEY_ID", "a"}}), "");
  EXPECT_FALSE(half.ok());
  const auto from_environment = load_config(
      open, variables({{"MILLSTREAM_ACCESS_KEY_ID", "a"}, {"MILLSTREAM_SECRET_ACCESS_KEY", "b"}}),
      "");
  EXPECT_TRUE(from_environment.ok());
  const TemporaryFile file("[[keys]]\naccess_key_id='a'\nsecret_access_key='b'\n");
  const auto from_file = load_config(open, variables({}), file.path());
  ASSERT_TRUE(from_file.ok());
  EXPECT_EQ(from_file->keys.size(), 1u);
}

}  // namespace
}  // namespace millstream::server
