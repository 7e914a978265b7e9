#include "server/open_bodies.h"

#include <gtest/gtest.h>

#include "io/manual_executor.h"

namespace millstream::server {
namespace {

// A session's side that takes everything.
class Taking final : public http::BodySink {
 public:
  io::Task<bool> write(std::string piece) override {
    text += piece;
    co_return is_wanted;
  }
  [[nodiscard]] bool wanted() const override { return is_wanted; }
  void set_end_observer(Callback wake) override { end_observer = std::move(wake); }

  std::string text;
  bool is_wanted = true;
  Callback end_observer;
};

// Writes, waits until no more is wanted, and tries to write again.
class Waiting final : public http::BodyProducer {
 public:
  explicit Waiting(io::Executor& home) : home_(home) {}
  io::Task<bool> run(http::BodySink& sink) override {
    auto end = std::make_shared<io::OneShot<bool>>(home_);
    const bool more = co_await sink.write("first");
    EXPECT_TRUE(more);
    sink.set_end_observer([end] { end->set(true); });
    const bool told = co_await *end;
    EXPECT_TRUE(told);
    EXPECT_FALSE(sink.wanted());
    const bool still = co_await sink.write("late");
    EXPECT_FALSE(still);
    co_return true;
  }

 private:
  io::Executor& home_;
};

io::Task<> produce(std::unique_ptr<http::BodyProducer> producer, http::BodySink& sink, bool* done) {
  *done = co_await producer->run(sink);
}

class OpenBodiesTest : public ::testing::Test {
 protected:
  void begin() {
    io::spawn(produce(bodies_.keep(home_, std::make_unique<Waiting>(home_)), sink_, &done_));
    home_.run_until_idle();
    EXPECT_EQ(sink_.text, "first");
    EXPECT_FALSE(done_);
    EXPECT_EQ(in_flight_, 1);
  }

  io::ManualExecutor home_;
  std::atomic<int64_t> in_flight_{0};
  OpenBodies bodies_{in_flight_};
  Taking sink_;
  bool done_ = false;
};

TEST_F(OpenBodiesTest, AreCountedAndCanBeEnded) {
  begin();
  bodies_.end_all();
  home_.run_until_idle();
  EXPECT_TRUE(done_);
  EXPECT_EQ(in_flight_, 0);
  EXPECT_EQ(sink_.text, "first");
  bodies_.end_all();
  home_.run_until_idle();
}

TEST_F(OpenBodiesTest, LearnOfThePeersEndAsBefore) {
  begin();
  sink_.is_wanted = false;
  ASSERT_TRUE(static_cast<bool>(sink_.end_observer));
  sink_.end_observer();
  home_.run_until_idle();
  EXPECT_TRUE(done_);
  EXPECT_EQ(in_flight_, 0);
}

TEST_F(OpenBodiesTest, OneThatNeverRanIsForgotten) {
  { const auto body = bodies_.keep(home_, std::make_unique<Waiting>(home_)); }
  EXPECT_EQ(in_flight_, 0);
  bodies_.end_all();
  home_.run_until_idle();
}

}  // namespace
}  // namespace millstream::server
