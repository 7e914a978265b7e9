#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/executor.h"
#include "io/task.h"
#include "lanes/lanes.h"

namespace millstream::lanes {

// Takes away, in the background, what nobody can see any more: in rounds, one at a time, and in
// transactions of at most kKeysMax keys, so that no lane is held up. What a stop interrupts must be
// found again at the next start, by the round's own keys.
//
// Concurrency: rounds run on the background executor's thread, which owns this object; only wake()
// may come from another.
class Sweeper {
 public:
  // One round. Gives in how many microseconds another shall begin by itself, or nothing: not before
  // it is woken.
  using Round = std::function<io::Task<std::optional<int64_t>>()>;
  using LaneOfKey = std::function<LaneId(std::string_view key)>;

  static constexpr size_t kKeysMax = 1000;

  // References outlive it.
  Sweeper(Lanes& lanes, io::Executor& background, Round round);
  Sweeper(const Sweeper&) = delete;
  Sweeper& operator=(const Sweeper&) = delete;

  // Thread-safe: begins a round soon, behind the one that is under way.
  void wake();
  // On the background executor's thread, or after it stopped: no further round or step begins.
  void stop();
  [[nodiscard]] bool stopped() const { return stopped_; }
  // Whether a round is under way: it refers to this object.
  [[nodiscard]] bool busy() const { return running_; }

  // ---- For rounds.
  // Erases every key in [from, to), each in its lane. Gives whether it came to the end: false after
  // a stop.
  io::Task<Result<bool>> erase_range(std::string from, std::string to, LaneOfKey lane_of);
  // Erases `keys` in one transaction.
  io::Task<Result<>> erase_keys(LaneId lane, std::vector<std::string> keys);

 private:
  void begin_round();
  io::Task<> run_round();
  io::Task<Result<bool>> erase_page(std::string from, std::string to, LaneOfKey lane_of);

  Lanes& lanes_;
  io::Executor& background_;
  const Round round_;
  bool stopped_ = false;
  bool running_ = false;
  bool again_ = false;
  std::optional<io::TimerId> timer_;
};

}  // namespace millstream::lanes
