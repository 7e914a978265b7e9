#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "io/executor.h"
#include "io/task.h"
#include "lanes/lanes.h"
#include "lanes/sweeper.h"
#include "services/logs/catalogue.h"

namespace millstream::logs {

// Takes away what nobody can see any more: events of deleted groups and streams, and events past
// their group's retention (lanes/sweeper.h). Goes round once a minute, and when it is told of a
// deletion. What a stop interrupts is found again at the next start, by the removal keys.
class Sweeper {
 public:
  Sweeper(lanes::Lanes& lanes, Clock& clock, io::Executor& background, const Catalogue& catalogue,
          std::function<void(const std::string&)> warn);

  // As in lanes::Sweeper.
  void wake() { sweeper_.wake(); }
  void stop() { sweeper_.stop(); }
  [[nodiscard]] bool busy() const { return sweeper_.busy(); }

  static constexpr int64_t kRoundUs = 60'000'000;

 private:
  io::Task<std::optional<int64_t>> round();
  io::Task<Result<>> finish_removal(Catalogue::PendingRemoval pending);
  io::Task<Result<>> expire_group(Group group);
  io::Task<Result<>> expire_stream(Group group, Stream stream, int64_t cutoff_ms);
  // Erases events of [from, to) in one transaction, in which the stream keeps its account of them.
  // Returns whether more may remain.
  io::Task<Result<bool>> expire_some(lanes::LaneId lane, std::string from, std::string to,
                                     std::string stream);

  lanes::Lanes& lanes_;
  Clock& clock_;
  io::Executor& background_;
  const Catalogue& catalogue_;
  const std::function<void(const std::string&)> warn_;
  lanes::Sweeper sweeper_;
};

}  // namespace millstream::logs
