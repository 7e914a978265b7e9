#include "server/config.h"

#include <toml++/toml.h>
#include <algorithm>

#include "server/assignment_list.h"
#include "server/on_demand_setting.h"
#include "server/quota_setting.h"

namespace millstream::server {
namespace {

Error invalid(std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message)};
}

// One of `values`; which of them goes to `*index`.
Result<> choose(const std::string& value, std::initializer_list<std::string_view> values,
                size_t* index) {
  std::string choices;
  size_t at = 0;
  for (const std::string_view candidate : values) {
    if (candidate == value) {
      *index = at;
      return {};
    }
    ++at;
    choices.append(choices.empty() ? "" : " or ").append(candidate);
  }
  return invalid("'" + value + "' is not " + choices + ".");
}

Result<> set_switch(const std::string& value, bool* into) {
  size_t index = 0;
  Result<> chosen = choose(value, {"false", "true"}, &index);
  if (chosen) *into = index == 1;
  return chosen;
}

Result<> set_text(const std::string& value, std::string_view what, std::string* into) {
  if (value.empty()) return invalid("The " + std::string(what) + " is empty.");
  *into = value;
  return {};
}

bool is_account(std::string_view text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_region(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

Result<> set_listen(Config* config, const std::string& value) {
  Result<http::Address> address = http::parse_address(value);
  if (!address) return address.take_error();
  config->listen = address.take();
  return {};
}
Result<> set_data(Config* config, const std::string& value) {
  return set_text(value, "data directory", &config->data);
}
Result<> set_tls_certificate(Config* config, const std::string& value) {
  return set_text(value, "TLS certificate", &config->tls_certificate);
}
Result<> set_tls_key(Config* config, const std::string& value) {
  return set_text(value, "TLS key", &config->tls_key);
}
Result<> set_account(Config* config, const std::string& value) {
  if (!is_account(value)) return invalid("'" + value + "' is not an account of twelve digits.");
  config->account = value;
  return {};
}
Result<> set_region(Config* config, const std::string& value) {
  if (!is_region(value)) return invalid("'" + value + "' is not a region, as in us-east-1.");
  config->region = value;
  return {};
}
Result<> set_durability(Config* config, const std::string& value) {
  size_t index = 0;
  Result<> chosen = choose(value, {"fsync", "none"}, &index);
  config->durability = index == 0 ? journal::Durability::kFsync : journal::Durability::kNone;
  return chosen;
}
Result<> set_quotas(Config* config, const std::string& value) {
  size_t index = 0;
  Result<> chosen = choose(value, {"off", "aws"}, &index);
  config->aws_quotas = index == 1;
  return chosen;
}
Result<> set_quota(Config* config, const std::string& value) {
  return read_quotas(value, &config->quota_values);
}
Result<> set_on_demand(Config* config, const std::string& value) {
  return read_on_demand(value, &config->on_demand);
}
Result<> set_transition_ms(Config* config, const std::string& value) {
  constexpr int64_t kTransitionMsMax = 3'600'000;
  const auto ms = whole_number(value);
  if (!ms || *ms > kTransitionMsMax) {
    return invalid("'" + value + "' is not a number of milliseconds from 0 to 3600000.");
  }
  config->transition_ms = *ms;
  return {};
}
Result<> set_isolation(Config* config, const std::string& value) {
  size_t index = 0;
  Result<> chosen = choose(value, {"namespaces", "process"}, &index);
  config->isolation = index == 0 ? Config::Isolation::kNamespaces : Config::Isolation::kProcess;
  return chosen;
}
Result<> set_function_network(Config* config, const std::string& value) {
  size_t index = 0;
  Result<> chosen = choose(value, {"isolated", "host"}, &index);
  config->function_network =
      index == 0 ? Config::FunctionNetwork::kIsolated : Config::FunctionNetwork::kHost;
  return chosen;
}
Result<> set_accept_unknown_keys(Config* config, const std::string& value) {
  return set_switch(value, &config->accept_unknown_keys);
}
Result<> set_allow_reset(Config* config, const std::string& value) {
  return set_switch(value, &config->allow_reset);
}
Result<> set_log_level(Config* config, const std::string& value) {
  size_t ignored = 0;
  Result<> chosen = choose(value, {"debug", "info", "warn", "error", "off"}, &ignored);
  if (chosen) config->log_level = value;
  return chosen;
}
Result<> set_threads(Config* config, const std::string& value) {
  constexpr int64_t kThreadsMax = 256;
  const auto threads = whole_number(value);
  if (!threads || *threads < 1 || *threads > kThreadsMax) {
    return invalid("'" + value + "' is not a number from 1 to 256.");
  }
  config->threads = static_cast<size_t>(*threads);
  return {};
}

constexpr Setting kSettings[] = {
    {"listen", "ADDRESS:PORT", "where to serve (127.0.0.1:4566); port 0 takes any free one",
     set_listen},
    {"data", "DIRECTORY", "where everything is kept (./data)", set_data},
    {"tls-certificate", "FILE",
     "the certificate that TLS clients see, in PEM, with those that it is signed with behind it "
     "(one of the server's own, kept in the data directory)",
     set_tls_certificate},
    {"tls-key", "FILE", "its key, in PEM, without a password", set_tls_key},
    {"account", "ID", "the account of keys that aren't known here (000000000000)", set_account},
    {"region", "NAME",
     "the region of the client settings that are printed (us-east-1); a request's own is in its "
     "signature",
     set_region},
    {"durability", "fsync|none",
     "what an answer means: it is on disk (fsync), or it survives the process but not the machine "
     "(none)",
     set_durability},
    {"quotas", "aws|off", "hold clients to AWS's rates and account limits (off)", set_quotas},
    {"quota", "NAME=NUMBER",
     "a quota other than AWS's, as in kinesis.shards=100000; may be given more than once "
     "(docs/quotas.md)",
     set_quota, true},
    {"on-demand", "NAME=NUMBER",
     "how on-demand streams follow their load, as in quiet-ms=60000; may be given more than once "
     "(docs/quotas.md)",
     set_on_demand, true},
    {"transition-ms", "NUMBER",
     "how long streams and their consumers are CREATING, UPDATING and DELETING (0)",
     set_transition_ms},
    {"isolation", "namespaces|process",
     "how functions are kept apart (namespaces); process: just processes, for hosts that forbid "
     "namespaces",
     set_isolation},
    {"function-network", "isolated|host",
     "what functions reach: this server only (isolated), or the host's whole network",
     set_function_network},
    {"accept-unknown-keys", "",
     "believe keys that aren't known here, from this machine, although keys are given or functions "
     "are on its network",
     set_accept_unknown_keys},
    {"allow-reset", "", "let POST /_millstream/reset from this machine delete everything",
     set_allow_reset},
    {"log-level", "debug|info|warn|error|off", "what is logged to stderr (info)", set_log_level},
    {"threads", "NUMBER", "threads that serve requests (one for each core)", set_threads},
};

// The file's scalars as text; tables and arrays are no settings.
std::optional<std::string> text_of(const toml::node& node) {
  if (const auto text = node.value<std::string>(); node.is_string()) return text;
  if (const auto flag = node.value<bool>(); node.is_boolean()) return *flag ? "true" : "false";
  if (const auto number = node.value<int64_t>(); node.is_integer()) return std::to_string(*number);
  return std::nullopt;
}

// What a setting that repeats has in the file: a table of numbers, whose names may have dots, or a
// list of NAME=NUMBER.
void append_numbers(const toml::table& table, const std::string& prefix, std::string* list) {
  for (const auto& [name, value] : table) {
    const std::string whole = prefix + std::string(name.str());
    if (const toml::table* inner = value.as_table()) {
      append_numbers(*inner, whole + ".", list);
    } else {
      list->append(list->empty() ? "" : ",").append(whole).append("=");
      list->append(text_of(value).value_or("?"));
    }
  }
}
std::optional<std::string> list_of(const toml::node& node) {
  std::string list;
  if (const toml::table* table = node.as_table()) {
    append_numbers(*table, "", &list);
  } else if (const toml::array* array = node.as_array()) {
    for (const toml::node& element : *array) {
      list.append(list.empty() ? "" : ",").append(text_of(element).value_or("?"));
    }
  } else {
    return text_of(node);
  }
  return list;
}

Result<> check_key(const Config::Key& key) {
  if (key.access_key_id.empty() || key.secret_access_key.empty()) {
    return invalid("A key needs both access_key_id and secret_access_key.");
  }
  if (!key.account.empty() && !is_account(key.account)) {
    return invalid("'" + key.account + "' is not an account of twelve digits.");
  }
  return {};
}

// [[keys]] tables: access_key_id, secret_access_key, account.
Result<> read_keys(const toml::node& node, Config* config) {
  const toml::array* keys = node.as_array();
  if (!keys) return invalid("keys must be [[keys]] tables.");
  for (const toml::node& element : *keys) {
    const toml::table* table = element.as_table();
    if (!table) return invalid("keys must be [[keys]] tables.");
    Config::Key key;
    for (const auto& [name, value] : *table) {
      std::string* member = name == "access_key_id"       ? &key.access_key_id
                            : name == "secret_access_key" ? &key.secret_access_key
                            : name == "account"           ? &key.account
                                                          : nullptr;
      const auto text = text_of(value);
      if (!member || !text)
        return invalid("'" + std::string(name.str()) + "' is no part of a key.");
      *member = *text;
    }
    Result<> checked = check_key(key);
    if (!checked) return checked;
    config->keys.push_back(std::move(key));
  }
  return {};
}

Result<> read_file(const std::string& file, Config* config) {
  toml::table table;
  try {
    table = toml::parse_file(file);
  } catch (const toml::parse_error& failure) {
    return invalid("The file " + file + " can't be read: " + std::string(failure.description()) +
                   " (line " + std::to_string(failure.source().begin.line) + ").");
  }
  for (const auto& [name, value] : table) {
    if (name == "keys") {
      Result<> read = read_keys(value, config);
      if (!read) return read.error().in("in " + file);
      continue;
    }
    const auto setting = std::find_if(std::begin(kSettings), std::end(kSettings),
                                      [&](const Setting& known) { return name == known.key(); });
    if (setting == std::end(kSettings)) {
      return invalid("The file " + file + " has the unknown setting '" + std::string(name.str()) +
                     "'.");
    }
    const auto text = setting->repeats ? list_of(value) : text_of(value);
    if (!text) return invalid("'" + setting->key() + "' in " + file + " must be a plain value.");
    Result<> applied = setting->apply(config, *text);
    if (!applied) return applied.error().in(setting->key() + " in " + file);
  }
  return {};
}

Result<> read_key_variables(const Environment& environment, Config* config) {
  const auto id = environment("MILLSTREAM_ACCESS_KEY_ID");
  const auto secret = environment("MILLSTREAM_SECRET_ACCESS_KEY");
  if (!id && !secret) return {};
  if (!id || !secret) {
    return invalid("Set both MILLSTREAM_ACCESS_KEY_ID and MILLSTREAM_SECRET_ACCESS_KEY.");
  }
  config->keys.push_back({*id, *secret, ""});
  return check_key(config->keys.back());
}

constexpr std::string_view kHowToGiveKeys =
    "set MILLSTREAM_ACCESS_KEY_ID and MILLSTREAM_SECRET_ACCESS_KEY, or [[keys]] in the file given "
    "with --config";

Result<> check_whole(const Config& config) {
  Result<> quotas = check_quotas(config.quota_values, config.aws_quotas);
  if (!quotas) return quotas;
  if (config.tls_certificate.empty() != config.tls_key.empty()) {
    return invalid("--tls-certificate and --tls-key go together.");
  }
  if (!config.listen.is_loopback()) {
    if (config.accept_unknown_keys) {
      return invalid("--accept-unknown-keys doesn't go with listening on " + config.listen.text() +
                     ", which other machines may reach.");
    }
    if (!config.keys.empty()) return {};
    return invalid("Listening on " + config.listen.text() +
                   ", which other machines may reach, needs at least one key: " +
                   std::string(kHowToGiveKeys) + ".");
  }
  if (!config.keys.empty() || config.believes_unknown_keys()) return {};
  return invalid(
      "Functions on the host's network (--function-network=host, --isolation=process) could sign "
      "with any key for any account, so this needs at least one key: " +
      std::string(kHowToGiveKeys) + "; or say --accept-unknown-keys.");
}

}  // namespace

std::string Setting::variable() const {
  std::string text = "MILLSTREAM_";
  for (const char byte : name) {
    text.push_back(byte == '-' ? '_' : static_cast<char>(byte - ('a' - 'A')));
  }
  return text;
}

std::string Setting::key() const {
  std::string text(name);
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

std::span<const Setting> settings() {
  return kSettings;
}

Result<Config> load_config(const Given& flags, const Environment& environment,
                           const std::string& file) {
  Config config;
  if (!file.empty()) {
    Result<> read = read_file(file, &config);
    if (!read) return read.take_error();
  }
  for (const Setting& setting : kSettings) {
    const auto value = environment(setting.variable());
    if (!value) continue;
    Result<> applied = setting.apply(&config, *value);
    if (!applied) return applied.error().in(setting.variable());
  }
  Result<> keys = read_key_variables(environment, &config);
  if (!keys) return keys.take_error();
  for (const Setting& setting : kSettings) {
    const auto flag = flags.find(setting.name);
    if (flag == flags.end()) continue;
    Result<> applied = setting.apply(&config, flag->second);
    if (!applied) return applied.error().in("--" + std::string(setting.name));
  }
  Result<> whole = check_whole(config);
  if (!whole) return whole.take_error();
  return config;
}

}  // namespace millstream::server
