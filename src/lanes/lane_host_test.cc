#include "lanes/lane_host.h"

#include <gtest/gtest.h>

#include <coroutine>
#include <optional>
#include <thread>

#include "io/manual_executor.h"
#include "io/memory_disk.h"
#include "io/workers.h"
#include "store/memory_store.h"

namespace millstream::lanes {
namespace {

constexpr LaneId kLane = 3;

// One host with one lane, on a log that was used before.
class LaneHostTest : public ::testing::Test {
 protected:
  LaneHostTest() {
    open();
    EXPECT_TRUE(run_to_end("a"));
    host_.reset();
    journal_->close();
    open();
  }
  ~LaneHostTest() override { journal_->close(); }

  void open() {
    auto journal = journal::Journal::open({.directory = "/log", .zero_ahead_bytes = 0}, disk_,
                                          workers_, random_);
    EXPECT_TRUE(journal.ok());
    journal_ = journal.take();
    host_ = std::make_unique<LaneHost>(executor_, *journal_, store_, clock_, lane_metrics_, 100);
    host_->add_lane({.id = kLane,
                     .next_number = next_number_,
                     .applied_number = next_number_ - 1,
                     .index = &index_});
  }
  // The frame isn't with the journal before the executor runs.
  void begin(Commit* commit, const std::string& key, const std::string& value = "value") {
    *commit = Commit{kLane,
                     [key, value](Transaction& transaction) {
                       transaction.put(key, value);
                       return true;
                     },
                     &executor_, std::noop_coroutine(), Error{ErrorCode::kTimeout, "under way"}};
    EXPECT_FALSE(host_->run(commit));
  }
  void settle() {
    while (!host_->idle()) {
      if (executor_.run_until_idle() == 0) std::this_thread::yield();
    }
  }
  bool run_to_end(const std::string& key) {
    Commit commit;
    begin(&commit, key);
    settle();
    ++next_number_;
    return commit.outcome.ok();
  }

  io::MemoryDisk disk_;
  io::ThreadWorkers workers_;
  SeededRandom random_{5};
  ManualClock clock_;
  store::MemoryStore store_;
  io::ManualExecutor executor_;
  RecordIndex index_;
  Metrics metrics_;
  LaneMetrics lane_metrics_{metrics_};
  uint64_t next_number_ = 1;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<LaneHost> host_;
};

TEST_F(LaneHostTest, TellsThatWhatItWasOpenedWithIsAppliedWhileItsFirstGroupIsUnderWay) {
  const journal::Position opened_at = journal_->end();
  EXPECT_EQ(host_->progress().applied, opened_at);
  Commit commit;
  begin(&commit, "b");
  EXPECT_EQ(host_->progress().applied, opened_at);
  settle();
}

TEST_F(LaneHostTest, CountsNoFrameThatIsNotAppliedYet) {
  Commit commit;
  begin(&commit, "b");
  ASSERT_EQ(host_->progress().next_numbers.size(), 1u);
  EXPECT_EQ(host_->progress().next_numbers[0], std::pair(kLane, next_number_));
  settle();
}

TEST_F(LaneHostTest, CountsNoGroupThatTheStoreHasNotTakenYet) {
  const journal::Position opened_at = journal_->end();
  store_.refuse_batches(Error{ErrorCode::kIo, "told to refuse"});
  Commit commit;
  begin(&commit, "b");
  while (!host_->waits_for_store()) {
    if (executor_.run_until_idle() == 0) std::this_thread::yield();
  }
  EXPECT_GT(journal_->end(), opened_at);
  EXPECT_EQ(host_->progress().applied, opened_at);
  store_.refuse_batches(std::nullopt);
  ASSERT_TRUE(store_.recover().ok());
  host_->apply_waiting();
  EXPECT_EQ(host_->progress().applied, journal_->end());
}

TEST_F(LaneHostTest, StoresTheNewestOfWhatAGroupMadeOfAKeyAndTellsOfAll) {
  std::string told;
  host_->add_observer("", [&](std::string_view key, std::optional<std::string_view> value) {
    told.append(key).append("=").append(*value).append(" ");
  });
  Commit commits[5];
  begin(&commits[0], "b", "1");
  begin(&commits[1], "c", "2");
  begin(&commits[2], "b", "3");
  settle();
  begin(&commits[3], "b", "4");
  executor_.run_until_idle();
  begin(&commits[4], "b", "5");  // of another group
  settle();
  EXPECT_EQ(store_.get("b").take().value_or("(none)"), "5");
  EXPECT_EQ(store_.get("c").take().value_or("(none)"), "2");
  EXPECT_EQ(told, "b=1 c=2 b=3 b=4 b=5 ");
}

}  // namespace
}  // namespace millstream::lanes
