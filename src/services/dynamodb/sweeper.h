#pragma once

#include <functional>
#include <string>

#include "io/executor.h"
#include "io/task.h"
#include "lanes/lanes.h"
#include "services/dynamodb/catalogue.h"

namespace millstream::dynamodb {

// Takes away the items of deleted tables, in transactions of at most kSweepItems items a lane, so
// that no lane is held up. What a stop interrupts is found again at the next start, by the removal
// keys.
class Sweeper {
 public:
  // References outlive it. `warn` gets a sentence for the server's own log.
  Sweeper(lanes::Lanes& lanes, io::Executor& background, const Catalogue& catalogue,
          std::function<void(const std::string&)> warn);

  // Thread-safe: begins a round soon, if there is something to take away.
  void wake();
  // On the background executor's thread, or after it stopped: no further step begins.
  void stop();
  // Whether a step is under way, on the background executor's thread: it refers to this object.
  [[nodiscard]] bool busy() const { return running_; }

  static constexpr size_t kSweepItems = 1000;
  static constexpr int64_t kRetryUs = 5'000'000;

 private:
  void begin_round();
  io::Task<> round();
  io::Task<Result<>> remove(Removal removal);
  // Erases up to kSweepItems of the keys below `prefix`; gives whether more may remain.
  io::Task<Result<bool>> erase_some(std::string prefix, bool counts);
  io::Task<Result<>> erase_keys(lanes::LaneId lane, std::vector<std::string> keys);

  lanes::Lanes& lanes_;
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

}  // namespace millstream::dynamodb
