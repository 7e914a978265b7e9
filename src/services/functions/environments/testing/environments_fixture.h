#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "services/functions/environments/environments.h"
#include "services/functions/functions.h"
#include "services/functions/sandbox/probe.h"

namespace millstream::functions::testing {

namespace fs = std::filesystem;

class Lines final : public LogSink {
 public:
  void write(const LogTarget& target, std::vector<LogEvent> events) override {
    const std::lock_guard lock(mutex_);
    target_ = target;
    for (auto& event : events) text_ += event.message + "\n";
  }
  std::string text() {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  LogTarget target() {
    const std::lock_guard lock(mutex_);
    return target_;
  }

 private:
  std::mutex mutex_;
  std::string text_;  // guarded by mutex_
  LogTarget target_;  // guarded by mutex_
};

// The AWS endpoint answers with the label that the request came by.
class Access final : public EnvironmentAccess {
 public:
  void admit(const EnvironmentCredentials& credentials) override {
    const std::lock_guard lock(mutex_);
    label_ = environment_label(credentials);
  }
  void dismiss(const std::string&) override {}
  http::Server::ListenerOptions aws_endpoint(std::string label) override {
    return {[](io::Executor&, const http::Request& request) { return answer_label(request); },
            std::move(label)};
  }
  std::string label() {
    const std::lock_guard lock(mutex_);
    return label_;
  }

 private:
  static io::Task<http::Response> answer_label(const http::Request& request) {
    http::Response response;
    response.body = std::string(request.listener_label);
    co_return response;
  }
  std::mutex mutex_;
  std::string label_;  // guarded by mutex_
};

class Source final : public FunctionSource {
 public:
  explicit Source(fs::path root) : root_(std::move(root)) {}

  void add(const std::string& name, const std::string& runtime, const std::string& file,
           const std::string& code, const std::function<void(FunctionVersion*)>& change) {
    FunctionVersion version;
    version.account = "000000000000";
    version.region = "us-east-1";
    version.name = name;
    version.arn = "arn:aws:lambda:us-east-1:000000000000:function:" + name;
    version.role_arn = "arn:aws:iam::000000000000:role/worker";
    version.runtime = runtime;
    version.handler = fs::path(file).stem().string() + ".handler";
    version.memory_mb = 256;
    version.revision = std::to_string(++revisions_);
    version.code_id = version.revision;
    if (change) change(&version);
    fs::create_directories(root_ / version.code_id);
    chmod((root_ / version.code_id).c_str(), 0755);
    std::ofstream(root_ / version.code_id / file) << code;
    const std::lock_guard lock(mutex_);
    versions_[name] = std::make_shared<const FunctionVersion>(std::move(version));
  }
  std::shared_ptr<const FunctionVersion> find(const std::string&, const std::string&,
                                              const std::string& name) override {
    const std::lock_guard lock(mutex_);
    const auto found = versions_.find(name);
    return found == versions_.end() ? nullptr : found->second;
  }
  io::Task<Result<CodeDirectory>> code_directory(
      io::Executor&, std::shared_ptr<const FunctionVersion> version) override {
    co_return std::make_shared<const std::string>(root_ / version->code_id);
  }

 private:
  const fs::path root_;
  int revisions_ = 0;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const FunctionVersion>> versions_;  // guarded by mutex_
};

inline io::Task<> invoke_into(Environments& environments, io::Executor& home, Invocation invocation,
                              std::promise<InvokeOutcome>* outcome) {
  co_await io::resume_on(home);
  InvokeOutcome answered = co_await environments.invoke(home, std::move(invocation));
  outcome->set_value(std::move(answered));
}

// Real environments of functions whose code a test writes down, over real reactors, sandboxes and
// listeners.
class EnvironmentsFixture : public ::testing::TestWithParam<IsolationMode> {
 protected:
  void SetUp() override {
    sandboxes_ = std::make_unique<Sandboxes>(Cgroups::find(), clock_);
    LauncherOptions options;
    options.isolation = GetParam();
    if (GetParam() == IsolationMode::kNamespaces) {
      const auto support = probe_isolation(sandboxes_.get(), true);
      if (!support) GTEST_SKIP() << support.error().message;
      options.user_namespace = support->user_namespace;
    }
    options.runtime_directory = default_functions_options().runtime_directory;
    char name[] = "/tmp/millstream_environments_XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    directory_ = name;
    source_ = std::make_unique<Source>(directory_);
    launcher_ = std::make_unique<Launcher>(options, runtimes_, clock_, random_);
    reactors_.start();
    server_ = std::make_unique<http::Server>(reactors_, clock_, http::ServerLimits{},
                                             [](std::string_view) {});
    restart({.capacity = {8, 4, 4096}});
  }
  void restart(EnvironmentsOptions options) {
    environments_ = std::make_unique<Environments>(
        EnvironmentHost{reactors_.at(0), *server_, *sandboxes_, access_, lines_, clock_, random_},
        *source_, *launcher_, blocking_, options);
  }
  bool busy() {
    std::promise<bool> busy;
    reactors_.at(0).post([&] { busy.set_value(environments_->busy()); });
    return busy.get_future().get();
  }
  void stop() {
    std::promise<void> stopped;
    reactors_.at(0).post([&] {
      environments_->stop();
      stopped.set_value();
    });
    stopped.get_future().wait();
  }
  void TearDown() override {
    if (directory_.empty()) return;
    stop();
    sandboxes_.reset();
    (void)busy();  // what the sandboxes posted at their ends has run when this has
    server_->stop(0);
    blocking_.stop();
    reactors_.stop();
    fs::remove_all(directory_);
  }

  void python(const std::string& code, const std::function<void(FunctionVersion*)>& change = {}) {
    source_->add("f", "python3.11", "app.py", code, change);
  }
  std::future<InvokeOutcome> invoke_later(const std::string& payload, bool log_tail = false,
                                          const std::string& name = "f") {
    Invocation invocation;
    invocation.account = "000000000000";
    invocation.region = "us-east-1";
    invocation.function_name = name;
    invocation.payload = payload;
    invocation.log_tail = log_tail;
    promises_.emplace_back();
    auto future = promises_.back().get_future();
    io::spawn(
        invoke_into(*environments_, reactors_.at(1), std::move(invocation), &promises_.back()));
    return future;
  }
  InvokeOutcome invoke(const std::string& payload = "{}") {
    return invoke_later(payload, true).get();
  }

  SystemClock clock_;
  SystemRandom random_;
  Lines lines_;
  Access access_;
  RuntimeCatalog runtimes_{{{}, getenv("PATH"), ""}};
  io::Reactors reactors_{2};
  io::BlockingPool blocking_{2};
  std::string directory_;
  std::unique_ptr<Sandboxes> sandboxes_;
  std::unique_ptr<Source> source_;
  std::unique_ptr<Launcher> launcher_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<Environments> environments_;
  std::deque<std::promise<InvokeOutcome>> promises_;
};

// Both kinds of isolation; the tests of the first are skipped where the host forbids namespaces.
inline auto both_isolations() {
  return ::testing::Values(IsolationMode::kNamespaces, IsolationMode::kProcess);
}
inline std::string isolation_name(const ::testing::TestParamInfo<IsolationMode>& info) {
  return info.param == IsolationMode::kNamespaces ? "Namespaces" : "Process";
}

}  // namespace millstream::functions::testing
