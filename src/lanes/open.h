#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/callback.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "io/disk.h"
#include "io/executor.h"
#include "journal/journal.h"
#include "lanes/lanes.h"
#include "store/store.h"

namespace millstream::lanes {

struct LanesOptions {
  // Where the record index has its files; made if it isn't there.
  std::string index_directory;
  // How many lanes a new data directory gets; an old one keeps its number.
  size_t lane_count = 64;
  // The state is flushed once this much was written to the journal since, or that much time passed,
  // so that the replay after a crash stays short.
  uint64_t flush_after_bytes = 64u << 20;
  int64_t flush_interval_ms = 30'000;
  int64_t trim_interval_ms = 60'000;
  // Transactions that may wait for room in an executor's open group; the next ones are refused with
  // kOverloaded.
  size_t backlog_max = 4096;
  Metrics* metrics = nullptr;  // where the lanes count (lanes/lane_metrics.h); outlives them
};

// Lanes that can be started and stopped. What it was given outlives it.
class OpenLanes : public Lanes {
 public:
  // Begins background work (flush, trim). Observers are registered before.
  virtual void start() = 0;
  // Ends background work, wakes all who wait and flushes the state; goes on on `home`. Transactions
  // come no more. The journal is still open. A failure means that the next start has more to
  // replay.
  virtual io::Task<Result<>> stop(io::Executor& home) = 0;
};

// Runs a Callback on some thread that may block.
using RunBlocking = std::function<void(Callback)>;

// Brings state and index to where the journal ends (replay from the last flush), and divides the
// lanes over `executors`. Index files of earlier segments are on `disk`. Fails with kCorruption
// when journal or store are damaged.
Result<std::unique_ptr<OpenLanes>> open_lanes(const LanesOptions& options,
                                              journal::Journal& journal, store::Store& store,
                                              io::Disk& disk, std::vector<io::Executor*> executors,
                                              RunBlocking run_blocking, Clock& clock);

}  // namespace millstream::lanes
