#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "services/functions/environments/environment.h"
#include "services/functions/function_version.h"
#include "services/functions/runtimes/runtime_catalog.h"

namespace millstream::functions {

struct LauncherOptions {
  IsolationMode isolation = IsolationMode::kNamespaces;
  bool own_network = true;
  bool user_namespace = false;
  std::string runtime_directory;  // our bootstraps: <repository>/runtime
  std::string python_packages;    // what `import boto3` finds; empty: nothing
  std::string node_modules;       // what `import "@aws-sdk/..."` finds; empty: nothing
  std::function<void(const std::string&)> warn;  // a sentence for the server's log; any thread
};

// Works out how to start an environment of a function: the interpreter, what it sees of the file
// system, its variables, its credentials. Thread-safe.
class Launcher {
 public:
  Launcher(LauncherOptions options, RuntimeCatalog& runtimes, const Clock& clock, Random& random);

  // Blocks at the first call (it looks for interpreters).
  Result<LaunchPlan> plan(const FunctionVersion& version, const CodeDirectory& code_directory);

 private:
  struct Places;  // where things stand, as the function sees them
  Places places(const std::string& code_directory) const;
  void add_file_system(const FunctionVersion& version, const Interpreter& interpreter,
                       const std::string& code_directory, SandboxSpec* spec);
  std::vector<std::string> environment(const FunctionVersion& version, const LaunchPlan& plan,
                                       const Places& places) const;
  EnvironmentCredentials credentials(const FunctionVersion& version) const;
  void warn_once(const std::string& sentence);

  const LauncherOptions options_;
  RuntimeCatalog& runtimes_;
  const Clock& clock_;
  Random& random_;
  std::atomic<uint32_t> next_user_{0};
  std::mutex mutex_;
  std::set<std::string> warned_;  // guarded by mutex_
};

}  // namespace millstream::functions
