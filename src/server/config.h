#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/quotas.h"
#include "base/result.h"
#include "http/server.h"
#include "http/web_page.h"
#include "journal/journal.h"
#include "services/kinesis/on_demand.h"

namespace millstream::server {

// How `millstream serve` runs. Every member is set by the setting of the same name (kSettings).
struct Config {
  // A lasting key pair that clients may sign with.
  struct Key {
    std::string access_key_id;
    std::string secret_access_key;
    std::string account;  // empty: Config::account
  };
  enum class Isolation { kNamespaces, kProcess };
  enum class FunctionNetwork { kIsolated, kHost };

  http::Address listen = {"127.0.0.1", 4566};
  std::string data = "./data";
  std::string tls_certificate;  // both empty: one of the server's own
  std::string tls_key;
  std::string account = "000000000000";
  std::string region = "us-east-1";
  journal::Durability durability = journal::Durability::kFsync;
  bool aws_quotas = false;
  aws::QuotaValues quota_values;  // --quota
  kinesis::OnDemandSettings on_demand;
  int64_t transition_ms = 0;
  Isolation isolation = Isolation::kNamespaces;
  FunctionNetwork function_network = FunctionNetwork::kIsolated;
  bool accept_unknown_keys = false;  // asked for; what holds is believes_unknown_keys()
  bool allow_reset = false;
  std::string log_level = "info";
  size_t threads = 0;  // 0: one for each core
  std::vector<Key> keys;
  // Not a setting: the pages of a console of Millstream's own are to be named here.
  http::WebPages web_pages;

  // Whether functions have a network of their own, and so can't reach where the server listens.
  [[nodiscard]] bool functions_are_apart() const {
    return isolation == Isolation::kNamespaces && function_network == FunctionNetwork::kIsolated;
  }
  // Whether keys that aren't known here are believed (docs/decisions/keys.md): because it was asked
  // for, or because no keys were given and only the users of this machine reach the server.
  [[nodiscard]] bool believes_unknown_keys() const {
    return accept_unknown_keys || (listen.is_loopback() && keys.empty() && functions_are_apart());
  }
};

// One thing that can be set, by a flag (--function-network), an environment variable
// (MILLSTREAM_FUNCTION_NETWORK) or a line of the TOML file (function_network).
struct Setting {
  std::string_view name;    // "function-network"
  std::string_view values;  // for --help: "isolated|host"; empty: a switch
  std::string_view help;
  Result<> (*apply)(Config* config, const std::string& value);

  // Whether it may be given more than once: what was given is put together with commas, and is a
  // table or a list in the file.
  bool repeats = false;

  [[nodiscard]] bool is_switch() const { return values.empty(); }
  [[nodiscard]] std::string variable() const;  // "MILLSTREAM_FUNCTION_NETWORK"
  [[nodiscard]] std::string key() const;       // "function_network"
};
std::span<const Setting> settings();

// What was given, by the settings' names.
using Given = std::map<std::string, std::string, std::less<>>;
using Environment = std::function<std::optional<std::string>(const std::string& variable)>;

// Puts the configuration together: a flag wins over the environment, that over the file, that over
// the default. `file` may be empty. Fails with kInvalidArgument and one sentence that names the
// value and where it came from; also when the whole makes no sense (nobody could be let in, or
// anybody would be).
Result<Config> load_config(const Given& flags, const Environment& environment,
                           const std::string& file);

}  // namespace millstream::server
