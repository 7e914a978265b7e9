#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace millstream::functions {

enum class RuntimeFamily { kPython, kNodejs };

// A language version: 3.13 for Python; major only (minor 0) for Node.
struct RuntimeNumber {
  int major = 0;
  int minor = 0;
  auto operator<=>(const RuntimeNumber&) const = default;
};

// A runtime identifier as CreateFunction takes it.
struct RuntimeName {
  std::string_view identifier;  // "python3.13"
  RuntimeFamily family;
  RuntimeNumber number;
};
// All that Millstream knows, oldest first in each family.
const std::vector<RuntimeName>& known_runtimes();
const RuntimeName* find_runtime_name(std::string_view identifier);

// An interpreter that this host has.
struct Interpreter {
  RuntimeFamily family = RuntimeFamily::kPython;
  RuntimeNumber number;
  std::string version;  // "3.13.0"
  std::string program;  // absolute, links followed
  std::string prefix;   // the directory tree that it needs; empty: only what is below /usr
};

// What a runtime identifier runs with.
struct RuntimeMapping {
  RuntimeName name;
  std::optional<Interpreter> interpreter;  // none: the host has none of that language
  bool exact = false;
  // "python3.14 isn't on this host; running with Python 3.13.0 (/usr/bin/python3.13)", or empty.
  std::string warning;
};

struct RuntimeCatalogOptions {
  std::vector<std::string>
      programs;             // configured interpreters, preferred over those that are found
  std::string search_path;  // as PATH
  std::string home;         // for ~/.pyenv and ~/.nvm
};

// Finds the host's interpreters: configured ones, those on the search path, in /usr/bin and
// /usr/local/bin, and pyenv's and nvm's. Looking takes a moment and blocks; it is done once, at the
// first call. Thread-safe.
class RuntimeCatalog {
 public:
  explicit RuntimeCatalog(RuntimeCatalogOptions options) : options_(std::move(options)) {}

  // The exact version, else the nearest (the newer of two), else none.
  RuntimeMapping map(const RuntimeName& name);
  // For `millstream runtimes`: what every identifier maps to.
  std::vector<RuntimeMapping> list();
  std::vector<Interpreter> interpreters();
  // Looks now, if it hasn't been done.
  void look();

 private:
  void look_locked();  // mutex_ is held

  const RuntimeCatalogOptions options_;
  std::mutex mutex_;
  bool looked_ = false;             // guarded by mutex_
  std::vector<Interpreter> found_;  // guarded by mutex_
};

// The best of `found` for `name`.
RuntimeMapping choose_interpreter(const RuntimeName& name, const std::vector<Interpreter>& found);

}  // namespace millstream::functions
