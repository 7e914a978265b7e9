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
#include "services/kinesis/catalog.h"

namespace millstream::kinesis {

// Erases the documents of streams and consumers whose time in DELETING has passed. Nobody sees them
// any more by then; this frees their records and names' places. Concurrency: as lanes::Sweeper.
class Remover {
 public:
  // References outlive it. `warn` gets a sentence for the server's own log.
  Remover(lanes::Lanes& lanes, Catalog& catalog, const Clock& clock, io::Executor& background,
          std::function<void(const std::string&)> warn);

  void wake() { sweeper_.wake(); }
  void stop() { sweeper_.stop(); }
  [[nodiscard]] bool busy() const { return sweeper_.busy(); }

 private:
  io::Task<std::optional<int64_t>> round();
  io::Task<Result<>> remove(std::shared_ptr<const Stream> stream);
  io::Task<Result<>> remove(std::shared_ptr<const Consumer> consumer);

  lanes::Lanes& lanes_;
  Catalog& catalog_;
  const Clock& clock_;
  io::Executor& background_;
  const std::function<void(const std::string&)> warn_;
  lanes::Sweeper sweeper_;
};

}  // namespace millstream::kinesis
