#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "io/executor.h"
#include "io/task.h"
#include "journal/journal.h"
#include "lanes/housekeeping.h"
#include "lanes/lane_host.h"
#include "lanes/open.h"
#include "store/store.h"

namespace millstream::lanes {

// When housekeeping happens: looks each second, from the first host's executor, whether a flush, a
// trim or an index file is due, and has it done on a blocking thread. Gets a store that failed to
// work again.
//
// Threads: start and stop from any thread, once each.
class HousekeepingRounds {
 public:
  struct Parts {  // all outlive the rounds
    const LanesOptions& options;
    journal::Journal& journal;
    store::Store& store;
    Clock& clock;
    const RunBlocking& run_blocking;
    const std::vector<std::unique_ptr<LaneHost>>& hosts;  // by executor
  };
  HousekeepingRounds(const Parts& parts, Housekeeping::Parts housekeeping)
      : parts_(parts),
        lane_count_(housekeeping.indexes.size()),
        housekeeping_(std::move(housekeeping)) {}

  // `flushed`: the state on stable storage holds everything before it.
  void start(journal::Position flushed);
  // Has rounds end, and flushes; goes on on `home`.
  io::Task<Result<>> stop(io::Executor& home);

 private:
  // What a round does, and what came of it.
  struct Round {
    bool index = false;
    bool flush = false;
    bool trim = false;
    [[nodiscard]] bool is_idle() const { return !index && !flush && !trim; }
  };
  struct Outcome {
    Result<> indexed;
    Result<> kept;  // flushed and trimmed
    std::vector<ShardKey> forgotten;
  };
  // Of the rounds so far; owned by the first host's executor once started.
  struct History {
    journal::Position flushed;
    int64_t flushed_ms = 0;
    int64_t trimmed_ms = 0;
    int64_t index_not_before_us = 0;
    bool failed = false;
  };

  void keep_house_later();
  // One round; has the next one follow.
  io::Task<> keep_house();
  [[nodiscard]] Round next_round(journal::Position end, int64_t now_ms) const;
  Outcome do_round(const Round& round, const std::vector<LaneHost::Progress>& progress);
  void note_outcome(const Outcome& outcome);
  io::Task<> help_store(io::Executor& home);
  io::Task<> forget_shards(io::Executor& home, std::vector<ShardKey> shards);
  // How far every host is, each asked on its own thread; goes on on `home`.
  io::Task<std::vector<LaneHost::Progress>> progress(io::Executor& home);

  const Parts parts_;
  const size_t lane_count_;
  Housekeeping housekeeping_;
  std::mutex housekeeping_mutex_;  // one call at a time
  std::atomic<bool> stopping_{false};
  // A timer that comes when this is gone finds no history.
  const std::shared_ptr<History> history_ = std::make_shared<History>();
};

}  // namespace millstream::lanes
