#include "services/functions/async/async_queue.h"

#include <gtest/gtest.h>

#include "lanes/testing/forwarding_lanes.h"
#include "lanes/testing/lanes_fixture.h"

namespace millstream::functions {
namespace {

// Real lanes that refuse the next transactions or reads when they are told to, as on a full disk.
class RefusingLanes final : public lanes::testing::ForwardingLanes {
 public:
  using ForwardingLanes::ForwardingLanes;

  io::Task<Result<>> commit(io::Executor& home, lanes::LaneId lane,
                            std::function<bool(lanes::Transaction&)> evaluate) override {
    if (refused_commits > 0) {
      --refused_commits;
      co_return Error{ErrorCode::kNoSpace, "refused"};
    }
    Result<> done = co_await lanes_.commit(home, lane, std::move(evaluate));
    co_return done;
  }
  io::Task<Result<std::optional<std::string>>> get(io::Executor& home, std::string key) override {
    if (refused_reads > 0) {
      --refused_reads;
      co_return Error{ErrorCode::kIo, "refused"};
    }
    auto value = co_await lanes_.get(home, std::move(key));
    co_return value;
  }
  int refused_commits = 0;
  int refused_reads = 0;
};

class ScriptedInvoker final : public Invoker {
 public:
  io::Task<InvokeOutcome> invoke(io::Executor&, Invocation invocation) override {
    calls.push_back(invocation);
    if (on_call) on_call();
    InvokeOutcome outcome;
    if (!outcomes.empty()) {
      outcome = outcomes.front();
      outcomes.pop_front();
    }
    co_return outcome;
  }
  std::vector<Invocation> calls;
  std::deque<InvokeOutcome> outcomes;
  std::function<void()> on_call;
};

InvokeOutcome failed() {
  InvokeOutcome outcome;
  outcome.function_error = "Unhandled";
  return outcome;
}
InvokeOutcome with(InvokeStatus status) {
  InvokeOutcome outcome;
  outcome.status = status;
  return outcome;
}

class AsyncQueueTest : public testing::Test {
 protected:
  void SetUp() override { open(); }
  void TearDown() override {
    settle();
    queue_.reset();
  }
  void open() {
    lanes_ = std::make_unique<RefusingLanes>(node_.lanes());
    queue_ = std::make_unique<AsyncQueue>(
        *lanes_, invoker_, node_.clock(), node_.home(),
        [this](const std::string& sentence) { warnings_.push_back(sentence); });
    node_.lanes().start();
    ASSERT_TRUE(queue_->start().ok());
    settle();
  }
  void add(const std::string& request_id, const std::string& payload = "{}") {
    Invocation invocation;
    invocation.account = "123456789012";
    invocation.region = "eu-west-1";
    invocation.function_name = "f";
    invocation.request_id = request_id;
    invocation.payload = payload;
    ASSERT_TRUE(node_.run(queue_->add(node_.home(), invocation)).ok());
  }
  // Runs whatever can run now.
  void settle() {
    node_.drive([this] { return node_.home().run_until_idle() == 0 && queue_->running() == 0; });
  }
  void pass_seconds(int64_t seconds) {
    node_.clock().advance_ms(seconds * 1000);
    node_.home().advance_us(seconds * 1'000'000);
    settle();
  }
  size_t stored() {
    size_t count = 0;
    const auto counted = node_.lanes().scan_now(kQueuePrefix, lanes::prefix_end(kQueuePrefix),
                                                [&](auto, auto) -> Result<> {
                                                  ++count;
                                                  return {};
                                                });
    EXPECT_TRUE(counted.ok());
    return count;
  }

  lanes::testing::LanesFixture node_;
  std::unique_ptr<RefusingLanes> lanes_;
  ScriptedInvoker invoker_;
  std::vector<std::string> warnings_;
  std::unique_ptr<AsyncQueue> queue_;
};

TEST_F(AsyncQueueTest, RunsWhatIsAddedAndForgetsIt) {
  add("r1", "{\"a\":1}");
  settle();
  ASSERT_EQ(invoker_.calls.size(), 1u);
  EXPECT_EQ(invoker_.calls[0].payload, "{\"a\":1}");
  EXPECT_EQ(invoker_.calls[0].request_id, "r1");
  EXPECT_EQ(stored(), 0u);
}

TEST_F(AsyncQueueTest, RetriesAFunctionErrorAfterOneMinuteAndAfterTwo) {
  invoker_.outcomes = {failed(), failed(), failed()};
  add("r1");
  settle();
  EXPECT_EQ(invoker_.calls.size(), 1u);
  pass_seconds(59);
  EXPECT_EQ(invoker_.calls.size(), 1u);
  pass_seconds(1);
  EXPECT_EQ(invoker_.calls.size(), 2u);
  pass_seconds(119);
  EXPECT_EQ(invoker_.calls.size(), 2u);
  EXPECT_EQ(stored(), 1u);
  pass_seconds(1);
  EXPECT_EQ(invoker_.calls.size(), 3u);
  EXPECT_EQ(stored(), 0u);
}

TEST_F(AsyncQueueTest, KeepsTryingWhileThereIsNoRoom) {
  for (int i = 0; i < 20; ++i) invoker_.outcomes.push_back(with(InvokeStatus::kThrottled));
  add("r1");
  settle();
  for (int i = 0; i < 20; ++i) pass_seconds(300);
  EXPECT_EQ(invoker_.calls.size(), 21u);
  EXPECT_EQ(stored(), 0u);
}

TEST_F(AsyncQueueTest, DropsWhatIsSixHoursOld) {
  for (int i = 0; i < 1000; ++i) invoker_.outcomes.push_back(with(InvokeStatus::kFailed));
  add("r1");
  settle();
  for (int i = 0; i < 80; ++i) pass_seconds(300);
  EXPECT_EQ(stored(), 0u);
}

TEST_F(AsyncQueueTest, DropsWhatHasNoFunctionAnyMore) {
  invoker_.outcomes = {with(InvokeStatus::kNotFound)};
  add("r1");
  settle();
  EXPECT_EQ(stored(), 0u);
}

TEST_F(AsyncQueueTest, ErasesLaterWhatItCouldNotErase) {
  invoker_.on_call = [this] { lanes_->refused_commits = 1; };
  add("r1");
  settle();
  EXPECT_EQ(invoker_.calls.size(), 1u);
  EXPECT_EQ(stored(), 1u);
  EXPECT_EQ(warnings_.size(), 1u);
  pass_seconds(1);
  EXPECT_EQ(stored(), 0u);
  EXPECT_EQ(invoker_.calls.size(), 1u) << "its function had answered";
  EXPECT_EQ(warnings_.size(), 1u);
}

TEST_F(AsyncQueueTest, RunsLaterWhatItCouldNotRead) {
  lanes_->refused_reads = 2;
  add("r1");
  settle();
  pass_seconds(1);
  EXPECT_EQ(invoker_.calls.size(), 0u);
  EXPECT_EQ(warnings_.size(), 2u);
  pass_seconds(2);
  EXPECT_EQ(invoker_.calls.size(), 1u);
  EXPECT_EQ(stored(), 0u);
}

TEST_F(AsyncQueueTest, GoesOnAfterACrashWithTheDelayKept) {
  invoker_.outcomes = {with(InvokeStatus::kStopped), failed()};
  add("r1", "\"one\"");
  add("r2", "\"two\"");
  settle();
  EXPECT_EQ(stored(), 2u);
  queue_.reset();
  node_.restart();
  open();
  ASSERT_EQ(invoker_.calls.size(), 3u);
  EXPECT_EQ(invoker_.calls[2].payload, "\"one\"");
  pass_seconds(60);
  ASSERT_EQ(invoker_.calls.size(), 4u);
  EXPECT_EQ(invoker_.calls[3].payload, "\"two\"");
  EXPECT_EQ(stored(), 0u);
}

}  // namespace
}  // namespace millstream::functions
