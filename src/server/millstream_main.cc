#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "server/command_line.h"
#include "server/journal_command.h"
#include "server/node.h"
#include "server/quota_setting.h"
#include "server/runtimes.h"
#include "server/top/top.h"
#include "server/version.h"
#include "services/functions/sandbox/child.h"

namespace millstream::server {
namespace {

constexpr int kUsageStatus = 2;

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (!value) return std::nullopt;
  return value;
}

int complain(int status, const Error& error) {
  fmt::print(stderr, "millstream: {}{}\n", error.message, error.message.ends_with('.') ? "" : ".");
  return status;
}

int serve(const CommandLine& line) {
  // What the server writes is for its own user; functions' files get their modes one by one.
  umask(077);
  Result<Config> config = load_config(line.flags, environment_variable, line.config_file);
  if (!config) return complain(kUsageStatus, config.error());
  Result<> ended = run_node(*config);
  return ended ? 0 : complain(1, ended.error());
}

int top(const CommandLine& line) {
  Result<http::Address> address = http::parse_address(line.endpoint);
  if (!address) return complain(kUsageStatus, address.error());
  Result<> ended = run_top(*address, line.once);
  return ended ? 0 : complain(1, ended.error());
}

int run(int argc, char** argv) {
  const CommandLine line = read_command_line(argc, argv);
  if (line.exit_status) return *line.exit_status;
  switch (line.command) {
    case Command::kServe:
      return serve(line);
    case Command::kJournal:
      return run_journal_command(line.journal);
    case Command::kTop:
      return top(line);
    case Command::kRuntimes:
      print_runtimes();
      return 0;
    case Command::kPlan:
      return run_plan_command(line.plan);
    case Command::kQuotas:
      fmt::print("{}", quotas_as_table());
      return 0;
    case Command::kVersion:
      fmt::print("millstream {}\n", kVersion);
      return 0;
  }
  return kUsageStatus;
}

}  // namespace
}  // namespace millstream::server

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], millstream::functions::kSandboxCommand) == 0) {
    millstream::functions::sandbox_main();
  }
  return millstream::server::run(argc, argv);
}
