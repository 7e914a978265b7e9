#include "services/functions/environments/environments.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>

#include "services/functions/functions.h"
#include "services/functions/sandbox/probe.h"

namespace millstream::functions {
namespace {

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
  http::Handler handler() override {
    return [](io::Executor&, const http::Request& request) { return answer_label(request); };
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
  io::Task<Result<std::string>> code_directory(
      io::Executor&, std::shared_ptr<const FunctionVersion> version) override {
    co_return (root_ / version->code_id).string();
  }

 private:
  const fs::path root_;
  int revisions_ = 0;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const FunctionVersion>> versions_;  // guarded by mutex_
};

io::Task<> invoke_into(Environments& environments, io::Executor& home, Invocation invocation,
                       std::promise<InvokeOutcome>* outcome) {
  co_await io::resume_on(home);
  InvokeOutcome answered = co_await environments.invoke(home, std::move(invocation));
  outcome->set_value(std::move(answered));
}

class EnvironmentsTest : public testing::TestWithParam<IsolationMode> {
 protected:
  void SetUp() override {
    sandboxes_ = std::make_unique<Sandboxes>(Cgroups::find());
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
    restart({});
  }
  void restart(EnvironmentsOptions options) {
    options.capacity = {8, 4, 4096};
    environments_ = std::make_unique<Environments>(
        EnvironmentHost{reactors_.at(0), *server_, *sandboxes_, access_, lines_, clock_, random_},
        *source_, *launcher_, blocking_, options);
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
    server_->stop(0);
    blocking_.stop();
    reactors_.stop();
    fs::remove_all(directory_);
  }

  void python(const std::string& code, const std::function<void(FunctionVersion*)>& change = {}) {
    source_->add("f", "python3.11", "app.py", code, change);
  }
  std::future<InvokeOutcome> invoke_later(const std::string& payload, bool log_tail = false) {
    Invocation invocation;
    invocation.account = "000000000000";
    invocation.region = "us-east-1";
    invocation.function_name = "f";
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

INSTANTIATE_TEST_SUITE_P(Isolation, EnvironmentsTest,
                         testing::Values(IsolationMode::kNamespaces, IsolationMode::kProcess),
                         [](const auto& info) {
                           return info.param == IsolationMode::kNamespaces ? "Namespaces"
                                                                           : "Process";
                         });

TEST_P(EnvironmentsTest, AnswersWhatThePythonHandlerReturns) {
  python("def handler(event, context):\n    return {'got': event['x'], 'ü': 'ü'}\n");
  const InvokeOutcome outcome = invoke(R"({"x": [1, 2]})");
  EXPECT_EQ(outcome.status, InvokeStatus::kAnswered) << outcome.failure << lines_.text();
  EXPECT_EQ(outcome.function_error, "");
  EXPECT_EQ(outcome.payload, R"({"got": [1, 2], "ü": "ü"})");
}

TEST_P(EnvironmentsTest, AnswersWhatTheNodeHandlerReturns) {
  source_->add("f", "nodejs20.x", "app.mjs",
               "export const handler = async (event, context) => {\n"
               "  console.log('two\\nlines');\n"
               "  return { got: event.x, name: context.functionName };\n};\n",
               {});
  const InvokeOutcome outcome = invoke(R"({"x": 7})");
  EXPECT_EQ(outcome.payload, R"({"got":7,"name":"f"})") << outcome.failure << lines_.text();
  EXPECT_NE(outcome.log_tail.find("\tINFO\ttwo\nlines\n"), std::string::npos) << outcome.log_tail;
}

TEST_P(EnvironmentsTest, KeepsAnEnvironmentForTheNextInvocation) {
  python("n = 0\ndef handler(event, context):\n    global n\n    n += 1\n    return n\n");
  EXPECT_EQ(invoke().payload, "1");
  EXPECT_EQ(invoke().payload, "2");
}

TEST_P(EnvironmentsTest, StartsMoreEnvironmentsWhileOthersAreBusy) {
  python(
      "import time\n"
      "def handler(event, context):\n    time.sleep(1.5)\n    return context.log_stream_name\n");
  auto first = invoke_later("{}");
  auto second = invoke_later("{}");
  EXPECT_NE(first.get().payload, second.get().payload);
}

TEST_P(EnvironmentsTest, WritesTheLogLinesInOrder) {
  python(
      "import logging\n"
      "def handler(event, context):\n"
      "    print('printed')\n    logging.warning('logged\\ntwice')\n    print('last')\n");
  const InvokeOutcome outcome = invoke();
  const std::string& tail = outcome.log_tail;
  const std::string id = outcome.request_id;
  EXPECT_EQ(tail.find("START RequestId: " + id + " Version: $LATEST\nprinted\n[WARNING]\t"), 0u)
      << tail;
  EXPECT_NE(tail.find("Z\t" + id + "\tlogged\ntwice\nlast\nEND RequestId: " + id +
                      "\nREPORT RequestId: " + id + "\tDuration: "),
            std::string::npos)
      << tail;
  EXPECT_NE(tail.find(" ms\tMemory Size: 256 MB\t"), std::string::npos) << tail;
  EXPECT_EQ(lines_.text().find("INIT_START Runtime Version: python:3."), 0u);
  EXPECT_EQ(lines_.target().log_group, "/aws/lambda/f");
}

TEST_P(EnvironmentsTest, TellsAnExceptionAsLambdaDoes) {
  python("def handler(event, context):\n    raise ValueError('no')\n");
  const InvokeOutcome outcome = invoke();
  EXPECT_EQ(outcome.function_error, "Unhandled");
  EXPECT_EQ(outcome.payload.find("{\"errorMessage\": \"no\", \"errorType\": \"ValueError\", "
                                 "\"requestId\": \"" +
                                 outcome.request_id + "\", \"stackTrace\": [\"  File \\\""),
            0u)
      << outcome.payload;
}

TEST_P(EnvironmentsTest, EndsAnInvocationThatRunsOutOfTime) {
  python("import time\ndef handler(event, context):\n    time.sleep(100)\n",
         [](FunctionVersion* version) { version->timeout_s = 1; });
  const InvokeOutcome outcome = invoke();
  EXPECT_EQ(outcome.function_error, "Unhandled");
  EXPECT_EQ(outcome.payload, "{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: " +
                                 outcome.request_id +
                                 " Error: Task timed out after 1.00 seconds\"}");
  EXPECT_NE(outcome.log_tail.find(outcome.request_id + " Task timed out after 1.00 seconds"),
            std::string::npos);
}

TEST_P(EnvironmentsTest, TellsHowTheRuntimeExited) {
  python("import os\ndef handler(event, context):\n    os._exit(event['status'])\n");
  InvokeOutcome outcome = invoke(R"({"status": 3})");
  EXPECT_EQ(outcome.function_error, "Unhandled");
  EXPECT_EQ(outcome.payload, "{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: " +
                                 outcome.request_id +
                                 " Error: Runtime exited with error: exit status 3\"}");
  outcome = invoke(R"({"status": 0})");
  EXPECT_NE(outcome.payload.find("Runtime exited without providing a reason"), std::string::npos);
}

TEST_P(EnvironmentsTest, TellsWhyAModuleCannotBeLoaded) {
  python("import nothing_like_this\n");
  EXPECT_EQ(invoke().payload,
            "{\"errorMessage\": \"Unable to import module 'app': No module named "
            "'nothing_like_this'\", \"errorType\": \"Runtime.ImportModuleError\", \"requestId\": "
            "\"\", \"stackTrace\": []}");
  python("x = 1\n");
  EXPECT_NE(invoke().payload.find("Handler 'handler' missing on module 'app'"), std::string::npos);
  python("raise SystemExit(4)\n");
  EXPECT_NE(invoke().payload.find("Runtime exited with error: exit status 4"), std::string::npos);
}

TEST_P(EnvironmentsTest, TellsThatAnAnswerCannotBeWritten) {
  python("def handler(event, context):\n    return {1, 2}\n");
  EXPECT_NE(invoke().payload.find("\"errorType\": \"Runtime.MarshalError\""), std::string::npos);
}

TEST_P(EnvironmentsTest, RefusesAnAnswerPastSixMegabytes) {
  python("def handler(event, context):\n    return 'x' * event['n']\n");
  const InvokeOutcome outcome = invoke(R"({"n": 6300000})");
  EXPECT_EQ(outcome.payload,
            "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":\"Response payload "
            "size (6300002 bytes) exceeded maximum allowed payload size (6291556 bytes).\"}");
  EXPECT_EQ(invoke(R"({"n": 1})").payload, "\"x\"");  // the environment goes on
}

TEST_P(EnvironmentsTest, UsesNewCodeFromTheNextInvocationOn) {
  python("def handler(event, context):\n    return 'old'\n");
  EXPECT_EQ(invoke().payload, "\"old\"");
  python("def handler(event, context):\n    return 'new'\n");
  EXPECT_EQ(invoke().payload, "\"new\"");
}

TEST_P(EnvironmentsTest, ReachesTheAwsEndpointUnderItsOwnLabel) {
  python(
      "import os, urllib.request\n"
      "def handler(event, context):\n"
      "    return urllib.request.urlopen(os.environ['AWS_ENDPOINT_URL']).read().decode()\n");
  const InvokeOutcome outcome = invoke();
  EXPECT_EQ(outcome.payload, "\"" + access_.label() + "\"");
}

TEST_P(EnvironmentsTest, GivesTheContextAndVariablesThatLambdaDocuments) {
  python(
      "import os\n"
      "def handler(event, c):\n"
      "    assert c.aws_request_id and 0 < c.get_remaining_time_in_millis() <= 3000\n"
      "    assert c.log_group_name == '/aws/lambda/f', c.log_group_name\n"
      "    assert os.environ['MINE'] == 'yes' and os.environ['_HANDLER'] == 'app.handler'\n"
      "    return [c.function_name, c.memory_limit_in_mb, c.invoked_function_arn,\n"
      "            os.environ['AWS_EXECUTION_ENV'], os.environ['AWS_REGION']]\n",
      [](FunctionVersion* version) { version->variables["MINE"] = "yes"; });
  EXPECT_EQ(invoke().payload, R"(["f", "256", "arn:aws:lambda:us-east-1:000000000000:function:f", )"
                              R"("AWS_Lambda_python3.11", "us-east-1"])");
}

TEST_P(EnvironmentsTest, SaysThatThereIsNoSuchFunction) {
  EXPECT_EQ(invoke().status, InvokeStatus::kNotFound);
}

TEST_P(EnvironmentsTest, TellsApartWhatIsTheMachinesFault) {
  python("def handler(event, context):\n    return 1\n");
  fs::remove_all(fs::path(directory_) / "1");
  const InvokeOutcome outcome = invoke();
  EXPECT_EQ(outcome.status, InvokeStatus::kFailed) << outcome.payload;
  EXPECT_EQ(outcome.failure.find("the environment could not be started: cannot "), 0u)
      << outcome.failure;
}

TEST_P(EnvironmentsTest, AnswersWhatRunsWhenItStops) {
  python(
      "import time\ndef handler(event, context):\n"
      "    print('running')\n    time.sleep(100)\n",
      [](FunctionVersion* version) { version->timeout_s = 60; });
  auto outcome = invoke_later("{}");
  while (lines_.text().find("running") == std::string::npos &&
         outcome.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
    std::this_thread::yield();
  }
  stop();
  EXPECT_EQ(outcome.get().status, InvokeStatus::kStopped);
}

TEST_P(EnvironmentsTest, NeverImportsTheHostsPackages) {
  python(
      "import sys\ndef handler(event, context):\n"
      "    return [p for p in sys.path if 'site-packages' in p or 'dist-packages' in p]\n");
  EXPECT_EQ(invoke().payload, "[]");
}

TEST_P(EnvironmentsTest, TellsAProcessThatUsedTooMuchMemory) {
  if (!sandboxes_->cgroups().available()) GTEST_SKIP() << sandboxes_->cgroups().description();
  python("def handler(event, context):\n    return len('x' * (400 << 20))\n");
  const InvokeOutcome outcome = invoke();
  EXPECT_NE(outcome.payload.find("Runtime exited with error: signal: killed"), std::string::npos)
      << outcome.payload;
}

}  // namespace
}  // namespace millstream::functions
