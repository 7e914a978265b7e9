#include "services/functions/functions.h"

#include <pwd.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <optional>
#include <utility>

#include "services/functions/async/async_queue.h"
#include "services/functions/environments/environments.h"
#include "services/functions/environments/launch_plan.h"
#include "services/functions/sandbox/probe.h"
#include "services/functions/sandbox/sandboxes.h"

namespace millstream::functions {
namespace {

namespace fs = std::filesystem;

// Environments that were killed are gone in milliseconds; a machine that is swapping takes longer.
constexpr int64_t kEndWaitUs = 5'000'000;
constexpr int64_t kEndPauseUs = 2'000;

std::string home_directory() {
  const passwd* user = getpwuid(geteuid());
  return user ? user->pw_dir : "";
}

std::string if_directory(const fs::path& path) {
  std::error_code missing;
  return fs::is_directory(path, missing) ? path.string() : "";
}

// Runs `work` on `executor` and waits for its end.
void run_on(io::Executor& executor, const std::function<void()>& work) {
  std::promise<void> done;
  executor.post([&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

fs::path code_directory_of(const FunctionsOptions& options) {
  return fs::absolute(options.data_directory) / "functions" / "code";
}

void pause_on(io::Executor& executor, int64_t delay_us) {
  std::promise<void> done;
  executor.run_after(delay_us, [&] { done.set_value(); });
  done.get_future().wait();
}

}  // namespace

FunctionsOptions default_functions_options() {
  FunctionsOptions options;
  options.runtimes.home = home_directory();
  std::error_code missing;
  const fs::path program = fs::read_symlink("/proc/self/exe", missing);
  for (fs::path place = program.parent_path(); place.has_relative_path();
       place = place.parent_path()) {
    for (const fs::path& root : {place, place / "share" / "millstream"}) {
      if (!fs::exists(root / "runtime" / "python" / "bootstrap.py", missing)) continue;
      options.runtime_directory = root / "runtime";
      options.python_packages = if_directory(root / ".tools" / "python-packages");
      options.node_modules = if_directory(root / ".tools" / "node_modules");
      const fs::path node = root / ".tools" / "node" / "bin" / "node";
      if (fs::exists(node, missing)) options.runtimes.programs.push_back(node);
      return options;
    }
  }
  return options;
}

struct Functions::Implementation {
  Implementation(Functions& functions, const FunctionsHost& host, FunctionsOptions options)
      : functions(functions),
        host(host),
        options(std::move(options)),
        runtimes(this->options.runtimes),
        catalogue(host.lanes, [this](const FunctionAddress& address) { forget(address); }),
        code(host.lanes, host.random, host.blocking, code_directory_of(this->options)) {}

  void forget(const FunctionAddress& address) {
    if (environments) environments->forget(address.account, address.region, address.name);
  }

  Result<> probe() {
    if (options.isolation == IsolationMode::kProcess) return {};
    auto support = probe_isolation(sandboxes.get(), options.own_network);
    if (!support) return support.take_error();
    user_namespace = support->user_namespace;
    return {};
  }

  // ES modules climb from the function's folder to find packages; there is no root of its own to
  // put a link into.
  Result<> link_node_modules() {
    if (options.isolation != IsolationMode::kProcess || options.node_modules.empty()) return {};
    std::error_code problem;
    fs::create_directory_symlink(options.node_modules, code_directory_of(options) / "node_modules",
                                 problem);
    if (problem) return Error{ErrorCode::kIo, "cannot link node_modules: " + problem.message()};
    return {};
  }

  // What a function may use as much of as it likes; empty if there is nothing.
  [[nodiscard]] std::string not_limited() const {
    const Cgroups& cgroups = sandboxes->cgroups();
    std::string list;
    if (!cgroups.limits_cpu()) list += ", CPU time";
    if (!cgroups.available()) {
      list += ", the memory of its processes together (each has a limit)";
      list += options.isolation == IsolationMode::kProcess ? ", the number of its processes"
                                                           : ", the memory that its /tmp takes";
    }
    if (options.isolation == IsolationMode::kProcess) list += ", what it writes to /tmp";
    return list.empty() ? "" : list.substr(2);
  }

  void make_environments() {
    LauncherOptions launching;
    launching.isolation = options.isolation;
    launching.own_network = options.own_network;
    launching.user_namespace = user_namespace;
    launching.runtime_directory = options.runtime_directory;
    launching.python_packages = options.python_packages;
    launching.node_modules = options.node_modules;
    launching.warn = options.warn;
    launcher.emplace(launching, runtimes, host.clock, host.random);
    const EnvironmentHost environment_host{host.background, host.server, *sandboxes, host.access,
                                           host.log_sink,   host.clock,  host.random};
    environments = std::make_unique<Environments>(environment_host, functions, *launcher,
                                                  host.blocking, EnvironmentsOptions{});
    queue = std::make_unique<AsyncQueue>(host.lanes, functions, host.clock, host.background,
                                         options.warn);
  }

  [[nodiscard]] bool busy() {
    bool busy = queue->running() > 0;
    run_on(host.background, [&] { busy = busy || environments->busy(); });
    return busy;
  }

  Functions& functions;
  const FunctionsHost host;
  const FunctionsOptions options;
  bool user_namespace = false;
  RuntimeCatalog runtimes;
  Catalogue catalogue;
  CodeStore code;
  std::unique_ptr<Sandboxes> sandboxes;
  std::string limits;  // what the banner says of them
  std::optional<Launcher> launcher;
  std::unique_ptr<Environments> environments;
  std::unique_ptr<AsyncQueue> queue;
  bool stopped = false;
};

Functions::Functions(const FunctionsHost& host, FunctionsOptions options)
    : implementation_(std::make_unique<Implementation>(*this, host, std::move(options))) {}
Functions::~Functions() = default;

Result<> Functions::start() {
  Implementation& self = *implementation_;
  if (self.options.runtime_directory.empty()) {
    return Error{
        ErrorCode::kNotFound,
        "the folder runtime/, which holds the functions' bootstraps, isn't beside or above "
        "the program"};
  }
  self.sandboxes = std::make_unique<Sandboxes>(Cgroups::find(), self.host.clock);
  const std::string not_limited = self.not_limited();
  self.limits = self.sandboxes->cgroups().description();
  if (!not_limited.empty()) {
    self.limits += "; not limited: " + not_limited;
    if (self.options.warn) self.options.warn("what a function uses isn't limited in " + not_limited);
  }
  if (auto probed = self.probe(); !probed) return probed;
  if (auto loaded = self.catalogue.load(); !loaded) return loaded;
  auto code = self.code.start(self.host.background, self.catalogue.all());
  if (!code) return code;
  if (auto linked = self.link_node_modules(); !linked) return linked;
  self.make_environments();
  // The first call shouldn't have to wait until every interpreter has said its version.
  self.host.blocking.run([&runtimes = self.runtimes] { runtimes.look(); });
  return self.queue->start();
}

void Functions::stop() {
  Implementation& self = *implementation_;
  if (!self.environments || std::exchange(self.stopped, true)) return;
  self.queue->stop();
  run_on(self.host.background, [&] { self.environments->stop(); });
  const int64_t give_up_us = self.host.clock.monotonic_us() + kEndWaitUs;
  while (self.busy() && self.host.clock.monotonic_us() < give_up_us) {
    pause_on(self.host.background, kEndPauseUs);
  }
  self.sandboxes.reset();
  // What the sandboxes posted at their ends has run when this has.
  run_on(self.host.background, [] {});
}

std::string Functions::isolation_text() const {
  const Implementation& self = *implementation_;
  if (self.options.isolation == IsolationMode::kProcess) {
    return "plain processes, not isolated from this host; " + self.limits;
  }
  return std::string("namespaces, seccomp, ") +
         (self.user_namespace ? "a user namespace" : "a user of its own") +
         (self.options.own_network ? ", a network of its own; " : ", the host's network; ") +
         self.limits;
}

io::Task<InvokeOutcome> Functions::invoke(io::Executor& home, Invocation invocation) {
  InvokeOutcome outcome =
      co_await implementation_->environments->invoke(home, std::move(invocation));
  co_return outcome;
}

io::Task<Result<>> Functions::invoke_later(io::Executor& home, Invocation invocation) {
  Result<> added = co_await implementation_->queue->add(home, std::move(invocation));
  co_return added;
}

std::shared_ptr<const FunctionVersion> Functions::find(const std::string& account,
                                                       const std::string& region,
                                                       const std::string& name) {
  auto function = implementation_->catalogue.find({account, region, name});
  if (!function) return nullptr;
  const FunctionVersion* run = &function->run;
  return {std::move(function), run};
}

io::Task<Result<CodeDirectory>> Functions::code_directory(
    io::Executor& home, std::shared_ptr<const FunctionVersion> version) {
  FunctionAddress address{version->account, version->region, version->name};
  auto directory =
      co_await implementation_->code.directory(home, std::move(address), version->code_id);
  co_return directory;
}

Catalogue& Functions::catalogue() {
  return implementation_->catalogue;
}
CodeStore& Functions::code() {
  return implementation_->code;
}
RuntimeCatalog& Functions::runtimes() {
  return implementation_->runtimes;
}

}  // namespace millstream::functions
