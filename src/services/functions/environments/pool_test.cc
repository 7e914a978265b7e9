#include <csignal>
#include <thread>

#include "services/functions/environments/testing/environments_fixture.h"

namespace millstream::functions {
namespace {

using testing::EnvironmentsFixture;

class PoolTest : public EnvironmentsFixture {
 protected:
  // Invokes while the environments' executor does nothing until `go_on` is there. Returns when the
  // invocation stands in its queue.
  std::future<InvokeOutcome> invoke_while_blocked(std::future<void> go_on) {
    auto shared = std::make_shared<std::future<void>>(std::move(go_on));
    reactors_.at(0).post([shared] { shared->wait(); });
    auto outcome = invoke_later("{}");
    std::promise<void> queued;
    reactors_.at(1).post([&] { queued.set_value(); });
    queued.get_future().wait();
    return outcome;
  }
};

INSTANTIATE_TEST_SUITE_P(Isolation, PoolTest, testing::both_isolations(), testing::isolation_name);

TEST_P(PoolTest, KeepsAnEnvironmentForTheNextInvocation) {
  python("n = 0\ndef handler(event, context):\n    global n\n    n += 1\n    return n\n");
  EXPECT_EQ(invoke().payload, "1");
  EXPECT_EQ(invoke().payload, "2");
}

TEST_P(PoolTest, StartsMoreEnvironmentsWhileOthersAreBusy) {
  python("import time\ndef handler(event, context):\n    time.sleep(event)\n    return event\n",
         [](FunctionVersion* version) { version->timeout_s = 900; });
  const auto busy = invoke_later("800");
  EXPECT_EQ(invoke("0").payload, "0");
  EXPECT_EQ(busy.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
}

TEST_P(PoolTest, UsesNewCodeFromTheNextInvocationOn) {
  python("def handler(event, context):\n    return 'old'\n");
  EXPECT_EQ(invoke().payload, "\"old\"");
  python("def handler(event, context):\n    return 'new'\n");
  EXPECT_EQ(invoke().payload, "\"new\"");
}

TEST_P(PoolTest, RunsTheVersionThatIsThereWhenItsTurnComes) {
  python("def handler(event, context):\n    return 'old'\n");
  std::promise<void> go_on;
  auto outcome = invoke_while_blocked(go_on.get_future());
  python("def handler(event, context):\n    return 'new'\n");
  go_on.set_value();
  EXPECT_EQ(outcome.get().payload, "\"new\"");
}

TEST_P(PoolTest, RunsWhatAnEnvironmentWasGivenAfterItsEndInAnotherOne) {
  if (GetParam() == IsolationMode::kNamespaces) GTEST_SKIP() << "its process can't be named";
  python("import os\ndef handler(event, context):\n    return os.getpid()\n");
  const std::string first = invoke().payload;
  const pid_t process = std::stoi(first);
  // The environment gets the second event after its end and before that is known.
  std::promise<void> go_on;
  auto outcome = invoke_while_blocked(go_on.get_future());
  kill(process, SIGKILL);
  while (kill(process, 0) == 0) std::this_thread::yield();
  go_on.set_value();
  const InvokeOutcome second = outcome.get();
  EXPECT_EQ(second.function_error, "") << second.payload;
  EXPECT_NE(second.payload, first);
}

TEST_P(PoolTest, AnswersWhatRunsWhenItStops) {
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

TEST_P(PoolTest, TriesASlowInitialisationAgainInTheInvocationsTime) {
  restart({.capacity = {8, 4, 4096}, .init_timeout_us = 300'000});
  python("import time\ntime.sleep(100)\n",
         [](FunctionVersion* version) { version->timeout_s = 1; });
  EXPECT_NE(invoke().payload.find("Task timed out after 1.00 seconds"), std::string::npos);
  EXPECT_NE(lines_.text().find("Phase: init\tStatus: timeout"), std::string::npos);
}

TEST_P(PoolTest, RefusesWhatWaitsLongerThanTheFunctionsTimeout) {
  restart({.capacity = {1, 1, 4096}});
  python("import time\ndef handler(event, context):\n    time.sleep(1.5)\n",
         [](FunctionVersion* version) { version->timeout_s = 2; });
  auto first = invoke_later("{}");
  auto second = invoke_later("{}");
  auto third = invoke_later("{}");
  EXPECT_EQ(first.get().status, InvokeStatus::kAnswered);
  EXPECT_EQ(third.get().status, InvokeStatus::kThrottled);
}

TEST_P(PoolTest, EndsAnIdleEnvironmentOfAnotherFunctionWhenThereIsNoRoom) {
  restart({.capacity = {1, 1, 4096}});
  python("def handler(event, context):\n    return 'f'\n");
  source_->add("g", "python3.11", "app.py", "def handler(event, context):\n    return 'g'\n", {});
  EXPECT_EQ(invoke_later("{}", false, "f").get().payload, "\"f\"");
  EXPECT_EQ(invoke_later("{}", false, "g").get().payload, "\"g\"");
  EXPECT_EQ(invoke_later("{}", false, "f").get().payload, "\"f\"");
}

TEST_P(PoolTest, LeavesRoomForAFunctionThatHasNoEnvironment) {
  restart({.capacity = {2, 2, 4096}});
  python("import time\ndef handler(event, context):\n    time.sleep(0.05)\n    return 'f'\n",
         [](FunctionVersion* version) { version->timeout_s = 60; });
  source_->add("g", "python3.11", "app.py", "def handler(event, context):\n    return 'g'\n",
               [](FunctionVersion* version) { version->timeout_s = 60; });
  std::vector<std::future<InvokeOutcome>> crowd;
  for (int i = 0; i < 200; ++i) crowd.push_back(invoke_later("{}"));
  EXPECT_EQ(invoke_later("{}", false, "g").get().payload, "\"g\"");
  const auto last = crowd.back().wait_for(std::chrono::seconds(0));
  EXPECT_EQ(last, std::future_status::timeout);  // the crowd is still there
  for (auto& one : crowd) EXPECT_EQ(one.get().payload, "\"f\"");
}

TEST_P(PoolTest, EndsWhatIsIdleForLong) {
  restart({.capacity = {8, 4, 4096}, .idle_timeout_us = 1000});
  python("n = 0\ndef handler(event, context):\n    global n\n    n += 1\n    return n\n");
  EXPECT_EQ(invoke().payload, "1");
  while (busy()) std::this_thread::yield();
  EXPECT_EQ(invoke().payload, "1");
}

}  // namespace
}  // namespace millstream::functions
