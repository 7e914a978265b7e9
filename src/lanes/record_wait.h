#pragma once

#include <cstdint>

#include "io/executor.h"
#include "io/signal.h"
#include "io/task.h"
#include "lanes/lanes.h"

namespace millstream::lanes {

// Goes on on `home` when Lanes::wait for that record does, or `signal` is above `seen` (at once if
// it is already); whatever it was, the caller looks. `lanes` outlives the wait and what is left of
// it: up to `timeout_us` behind a wake by the signal. `signal` outlives the wait.
io::Task<> wait_for_record(Lanes& lanes, io::Executor& home, ShardKey shard, uint64_t sequence,
                           int64_t timeout_us, io::Signal& signal, uint64_t seen);

}  // namespace millstream::lanes
