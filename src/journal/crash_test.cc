#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>

#include "journal/journal_test_support.h"

// Power losses at random moments. What was acknowledged is there afterwards, what wasn't is there
// whole or not at all, and each lane's frames are in order without a gap.
namespace millstream::journal {
namespace {

constexpr int kLanes = 4;

struct LaneTruth {
  uint64_t acknowledged = 0;  // every frame up to this number must be there
  uint64_t next = 1;
};

class CrashRun {
 public:
  explicit CrashRun(uint64_t seed) : dice_(seed), random_(seed) {
    options_ = small_options();
    options_.segment_bytes = 8u << 10;
    if (dice_() % 3 == 0) options_.zero_ahead_bytes = 0;
  }

  void run(int crashes) {
    for (int i = 0; i < crashes && !::testing::Test::HasFatalFailure(); ++i) {
      ASSERT_NO_FATAL_FAILURE(live_until_power_loss());
    }
    ASSERT_NO_FATAL_FAILURE(check(*open_journal(disk_, random_, options_)));
  }

 private:
  // Payloads tell which frame and which attempt they are, and fill up to a size of their own.
  static std::string payload(int lane, uint64_t number, uint32_t epoch, size_t size) {
    std::string bytes = std::to_string(lane) + "/" + std::to_string(number) + "/" +
                        std::to_string(epoch) + "/" + std::to_string(size) + "/";
    bytes.resize(size, 'x');
    return bytes;
  }

  void live_until_power_loss() {
    const uint64_t operations = dice_() % 60;
    disk_.lose_power_after(operations, dice_());
    Result<std::unique_ptr<Journal>> opened = Journal::open(options_, disk_, threads, random_);
    if (opened) {
      ASSERT_NO_FATAL_FAILURE(check_while_power_lasts(**opened));
      write_groups(**opened);
      opened->reset();
    } else {
      ASSERT_NE(opened.error().code, ErrorCode::kCorruption) << opened.error().message;
    }
    disk_.lose_power(dice_());
    disk_.restore_power();
  }

  void check_while_power_lasts(Journal& journal) {
    Result<std::vector<ReadFrame>> frames = replay(journal);
    if (frames) return compare(*frames, journal.epoch());
    ASSERT_NE(frames.error().code, ErrorCode::kCorruption) << frames.error().message;
    known_ = false;
  }

  void check(Journal& journal) {
    Result<std::vector<ReadFrame>> frames = replay(journal);
    ASSERT_TRUE(frames.ok()) << frames.error().message;
    compare(*frames, journal.epoch());
  }

  void compare(const std::vector<ReadFrame>& frames, uint32_t epoch) {
    ASSERT_GT(epoch, last_epoch_);
    last_epoch_ = epoch;
    std::map<int, uint64_t> last;
    uint32_t frame_epoch = 0;
    std::map<int, std::map<uint64_t, uint32_t>> group_of;
    for (const ReadFrame& frame : frames) {
      ASSERT_EQ(frame.number, ++last[frame.lane]) << "lane " << frame.lane;
      ASSERT_GE(frame.epoch, frame_epoch);
      ASSERT_LT(frame.epoch, epoch);
      frame_epoch = frame.epoch;
      ASSERT_EQ(frame.payload,
                payload(frame.lane, frame.number, frame.epoch, frame.payload.size()));
    }
    // Lanes 0 and 1 are always written together, in one group: neither is ever alone.
    ASSERT_EQ(last[0], last[1]);
    for (int lane = 0; lane < kLanes; ++lane) {
      ASSERT_GE(last[lane], lanes_[lane].acknowledged) << "lane " << lane << " lost a frame";
      lanes_[lane].acknowledged = last[lane];  // what was read must stay, too
      lanes_[lane].next = last[lane] + 1;
    }
    known_ = true;
  }

  void write_groups(Journal& journal) {
    if (!known_) return;  // the power went before the log could be read
    struct Pending {
      std::future<Result<CommittedGroup>> future;
      std::vector<std::pair<int, uint64_t>> frames;
    };
    std::vector<Pending> pending;
    for (int i = 0; i < 40; ++i) {
      Pending one;
      one.future = submit(journal, random_group(journal, &one.frames));
      pending.push_back(std::move(one));
      if (dice_() % 3 == 0) pending.back().future.wait();
    }
    for (Pending& one : pending) {
      if (!one.future.get().ok()) continue;
      for (const auto& [lane, number] : one.frames) {
        lanes_[lane].acknowledged = std::max(lanes_[lane].acknowledged, number);
      }
    }
  }

  Group random_group(const Journal& journal, std::vector<std::pair<int, uint64_t>>* frames) {
    Group group;
    std::vector<int> lanes = {0, 1};
    if (dice_() % 2 == 0) lanes = {2 + static_cast<int>(dice_() % 2)};
    for (int lane : lanes) {
      const uint64_t number = lanes_[lane].next++;
      group.begin_frame(static_cast<LaneId>(lane), journal.epoch(), number);
      group.buffer()->append(payload(lane, number, journal.epoch(), 40 + dice_() % 1500));
      group.end_frame();
      frames->emplace_back(lane, number);
    }
    return group;
  }

  std::mt19937_64 dice_;
  SeededRandom random_;
  io::MemoryDisk disk_;
  JournalOptions options_;
  LaneTruth lanes_[kLanes];
  uint32_t last_epoch_ = 0;
  bool known_ = true;
};

TEST(CrashTest, NothingAcknowledgedIsLostAndNothingIsHalfThere) {
  const uint64_t base = std::random_device()();
  for (uint64_t seed = base; seed < base + 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    CrashRun run(seed);
    run.run(12);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace millstream::journal
