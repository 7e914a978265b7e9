#include "lanes/sweeper.h"

#include <gtest/gtest.h>

#include "lanes/testing/lanes_fixture.h"

namespace millstream::lanes {
namespace {

class SweeperTest : public ::testing::Test {
 protected:
  ~SweeperTest() override {
    sweeper_.stop();
    node_.drive([this] { return !sweeper_.busy(); });
  }

  // Each round takes what `from_`..`to_` holds, by lanes that the keys' last characters tell.
  io::Task<std::optional<int64_t>> round() {
    EXPECT_EQ(++under_way_, 1);
    ++rounds_;
    if (wake_in_round_ && rounds_ == 1) sweeper_.wake();
    Result<bool> gone = co_await sweeper_.erase_range("a/", "a0", lane_of);
    EXPECT_TRUE(gone.ok());
    reached_end_ = gone.ok() && *gone;
    --under_way_;
    co_return next_us_;
  }
  static LaneId lane_of(std::string_view key) { return static_cast<LaneId>(key.back() - '0'); }
  void put(const std::vector<std::string>& keys) {
    std::map<LaneId, std::vector<std::string>> by_lane;
    for (const std::string& key : keys) by_lane[lane_of(key)].push_back(key);
    for (const auto& [lane, of_lane] : by_lane) {
      auto body = [&keys = of_lane](Transaction& transaction) -> Result<> {
        for (const std::string& key : keys) transaction.put(key, "x");
        return {};
      };
      ASSERT_TRUE(node_.run(node_.lanes().run(node_.home(), lane, body)).ok());
    }
  }
  size_t left() {
    size_t count = 0;
    EXPECT_TRUE(node_.lanes()
                    .scan_now("a/", "c",
                              [&count](auto, auto) {
                                ++count;
                                return Result<>();
                              })
                    .ok());
    return count;
  }
  void finish_rounds(int count) {
    node_.drive([&] { return rounds_ == count && !sweeper_.busy(); });
  }

  testing::LanesFixture node_;
  int rounds_ = 0;
  int under_way_ = 0;
  bool wake_in_round_ = false;
  bool reached_end_ = false;
  std::optional<int64_t> next_us_;
  Sweeper sweeper_{node_.lanes(), node_.home(), [this] { return round(); }};
};

TEST_F(SweeperTest, ErasesARangeOfManyPagesInTheKeysLanes) {
  std::vector<std::string> keys = {"b/1"};
  for (size_t i = 0; i < 2 * Sweeper::kKeysMax + 7; ++i) {
    keys.push_back("a/" + std::to_string(i));
  }
  put(keys);
  sweeper_.wake();
  finish_rounds(1);
  EXPECT_TRUE(reached_end_);
  EXPECT_EQ(left(), 1u);
}

TEST_F(SweeperTest, AWakeDuringARoundLeadsToAnotherBehindIt) {
  wake_in_round_ = true;
  put({"a/1"});
  sweeper_.wake();
  finish_rounds(2);
  node_.home().run_until_idle();
  EXPECT_EQ(rounds_, 2);
}

TEST_F(SweeperTest, ARoundTellsWhenTheNextBegins) {
  next_us_ = 5'000'000;
  sweeper_.wake();
  finish_rounds(1);
  node_.home().advance_us(4'999'999);
  node_.home().run_until_idle();
  EXPECT_EQ(rounds_, 1);
  node_.home().advance_us(1);
  finish_rounds(2);
}

TEST_F(SweeperTest, AWakeTakesThePlaceOfTheTimer) {
  next_us_ = 5'000'000;
  sweeper_.wake();
  finish_rounds(1);
  next_us_.reset();
  sweeper_.wake();
  finish_rounds(2);
  node_.home().advance_us(10'000'000);
  node_.home().run_until_idle();
  EXPECT_EQ(rounds_, 2);
}

TEST_F(SweeperTest, NothingBeginsAfterAStop) {
  next_us_ = 1000;
  put({"a/1"});
  sweeper_.stop();
  sweeper_.wake();
  node_.home().run_until_idle();
  EXPECT_EQ(rounds_, 0);
  EXPECT_EQ(node_.run(sweeper_.erase_range("a/", "a0", lane_of)).take(), false);
  EXPECT_EQ(left(), 1u);
}

}  // namespace
}  // namespace millstream::lanes
