#pragma once

#include <optional>
#include <string>

#include "server/config.h"
#include "server/journal_command.h"
#include "server/plan.h"

namespace millstream::server {

enum class Command { kServe, kTop, kJournal, kRuntimes, kQuotas, kPlan, kVersion };

// What `millstream <command> [options]` asks for.
struct CommandLine {
  Command command = Command::kServe;
  Given flags;
  std::string config_file;
  JournalCommand journal;
  PlanCommand plan;
  std::string endpoint = "127.0.0.1:4566";  // kTop: whom to ask
  bool once = false;                        // kTop
  // Set when there is nothing to do: the process ends with it. 0 after --help, 2 after a mistake
  // (already explained on stderr).
  std::optional<int> exit_status;
};
CommandLine read_command_line(int argc, char** argv);

}  // namespace millstream::server
