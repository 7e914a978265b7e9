#pragma once

#include <string>

namespace millstream::server {

// `millstream journal inspect|verify DIRECTORY`: reads a log that nobody uses, a stopped server's
// or a copy, and prints what it holds.
struct JournalCommand {
  std::string directory;  // a data directory, or the journal in it
  bool verify = false;    // say only whether it is whole, and end with 1 if it isn't
  bool json = false;
};

// Returns the process's exit status: 0; 1 if `verify` found damage; 2 when the log can't be looked
// at (a server uses it, there is none), with a sentence on stderr.
int run_journal_command(const JournalCommand& command);

}  // namespace millstream::server
