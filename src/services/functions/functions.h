#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "http/server.h"
#include "io/blocking_pool.h"
#include "io/executor.h"
#include "lanes/lanes.h"
#include "services/functions/catalogue/catalogue.h"
#include "services/functions/code/code_store.h"
#include "services/functions/environments/environment_host.h"
#include "services/functions/function_version.h"
#include "services/functions/invoker.h"
#include "services/functions/runtimes/runtime_catalog.h"
#include "services/functions/sandbox/spec.h"

namespace millstream::functions {

struct FunctionsOptions {
  IsolationMode isolation = IsolationMode::kNamespaces;
  bool own_network = true;        // false: --function-network=host
  std::string data_directory;     // absolute; the server's own
  std::string runtime_directory;  // our bootstraps
  std::string python_packages;    // boto3 and what it needs; empty: none
  std::string node_modules;       // the AWS SDK for JavaScript; empty: none
  RuntimeCatalogOptions runtimes;
  std::function<void(const std::string&)> warn;  // a sentence for the server's log; any thread
};

// Options whose directories are found from the program's own place: the repository above a build
// folder, or <prefix>/share/millstream beside an installed <prefix>/bin. What isn't there is empty;
// runtimes.search_path, the PATH to look for interpreters on, is the caller's to set.
FunctionsOptions default_functions_options();

// What functions need of the server; all of it outlives them.
struct FunctionsHost {
  lanes::Lanes& lanes;
  io::Executor& background;  // runs the engine's state and the asynchronous queue
  io::BlockingPool& blocking;
  http::Server& server;  // serves the environments' listeners
  EnvironmentAccess& access;
  LogSink& log_sink;
  const Clock& clock;
  Random& random;
};

// The function engine: functions as they are stored, their code, the environments that run them,
// and the asynchronous queue. Lambda's API and the triggers stand on it. Thread-safe after start().
class Functions final : public Invoker, public FunctionSource {
 public:
  // Before lanes.start(), which the catalogue's observer needs.
  Functions(const FunctionsHost& host, FunctionsOptions options);
  ~Functions() override;

  // Tries the isolation out, reads what is stored, resumes the queue. Blocks; after lanes.start(),
  // the reactors running. Fails with a sentence that says what to do where the host forbids the
  // isolation that was asked for.
  Result<> start();
  // Answers what runs with kStopped, kills every environment, and returns when they are gone.
  // Blocks; not on an executor. Doing it twice is harmless.
  void stop();
  // How functions are kept apart here, a line for the server's banner.
  [[nodiscard]] std::string isolation_text() const;

  io::Task<InvokeOutcome> invoke(io::Executor& home, Invocation invocation) override;
  // Queues an invocation durably (InvocationType Event); request_id must be given.
  io::Task<Result<>> invoke_later(io::Executor& home, Invocation invocation);

  std::shared_ptr<const FunctionVersion> find(const std::string& account, const std::string& region,
                                              const std::string& name) override;
  io::Task<Result<CodeDirectory>> code_directory(
      io::Executor& home, std::shared_ptr<const FunctionVersion> version) override;

  [[nodiscard]] Catalogue& catalogue();
  [[nodiscard]] CodeStore& code();
  [[nodiscard]] RuntimeCatalog& runtimes();

 private:
  struct Implementation;
  const std::unique_ptr<Implementation> implementation_;
};

}  // namespace millstream::functions
