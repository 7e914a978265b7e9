#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "io/executor.h"
#include "io/task.h"
#include "lanes/lanes.h"
#include "services/logs/catalogue.h"

namespace millstream::logs {

// Takes away what nobody can see any more: events of deleted groups and streams, and events past
// their group's retention. Goes round once a minute, and when it is told of a deletion; erases in
// transactions of at most kSweepEvents events, so that no lane is held up. What a stop interrupts
// is found again at the next start, by the removal keys.
class Sweeper {
 public:
  Sweeper(lanes::Lanes& lanes, Clock& clock, io::Executor& background, const Catalogue& catalogue,
          std::function<void(const std::string&)> warn);

  void start();
  // On the background executor's thread, or after it stopped: no round begins any more.
  void stop();
  // Thread-safe: begins a round soon.
  void wake();
  // On the background executor's thread: a round is under way.
  [[nodiscard]] bool busy() const { return running_; }

  static constexpr size_t kSweepEvents = 1000;
  static constexpr int64_t kRoundUs = 60'000'000;

 private:
  void begin_round();
  io::Task<> round();
  io::Task<Result<>> finish_removal(Catalogue::PendingRemoval pending);
  io::Task<Result<>> expire_group(Group group);
  io::Task<Result<>> expire_stream(Group group, Stream stream, int64_t cutoff_ms);
  // Erases up to kSweepEvents keys of [from, to), and `stream` keeps its account of them. Returns
  // whether more may remain.
  io::Task<Result<bool>> erase_some(lanes::LaneId lane, std::string from, std::string to,
                                    std::string stream_to_update);

  lanes::Lanes& lanes_;
  Clock& clock_;
  io::Executor& background_;
  const Catalogue& catalogue_;
  const std::function<void(const std::string&)> warn_;
  // Owned by the background executor's thread.
  bool stopped_ = false;
  bool running_ = false;
  bool again_ = false;
  bool timer_set_ = false;
  io::TimerId timer_ = 0;
};

}  // namespace millstream::logs
