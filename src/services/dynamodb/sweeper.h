#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "io/executor.h"
#include "io/task.h"
#include "lanes/lanes.h"
#include "lanes/sweeper.h"
#include "services/dynamodb/catalogue.h"

namespace millstream::dynamodb {

// Takes away the items of deleted tables (lanes/sweeper.h). What a stop interrupts is found again
// at the next start, by the removal keys.
class Sweeper {
 public:
  // References outlive it. `warn` gets a sentence for the server's own log.
  Sweeper(lanes::Lanes& lanes, io::Executor& background, const Catalogue& catalogue,
          std::function<void(const std::string&)> warn);

  // As in lanes::Sweeper.
  void wake() { sweeper_.wake(); }
  void stop() { sweeper_.stop(); }
  [[nodiscard]] bool busy() const { return sweeper_.busy(); }

  static constexpr int64_t kRetryUs = 5'000'000;

 private:
  io::Task<std::optional<int64_t>> round();
  io::Task<Result<>> remove(Removal removal);

  lanes::Lanes& lanes_;
  io::Executor& background_;
  const Catalogue& catalogue_;
  const std::function<void(const std::string&)> warn_;
  lanes::Sweeper sweeper_;
};

}  // namespace millstream::dynamodb
