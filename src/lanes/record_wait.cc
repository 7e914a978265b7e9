#include "lanes/record_wait.h"

#include <memory>

namespace millstream::lanes {
namespace {

// Stands apart from the waiting coroutine, which may have been woken and ended long before.
io::Task<> tell_of_record(Lanes& lanes, io::Executor& home, ShardKey shard, uint64_t sequence,
                          int64_t timeout_us, io::Signal::Waiter woken) {
  const bool there = co_await lanes.wait(home, shard, sequence, timeout_us);
  woken->set(there);
}

}  // namespace

io::Task<> wait_for_record(Lanes& lanes, io::Executor& home, ShardKey shard, uint64_t sequence,
                           int64_t timeout_us, io::Signal& signal, uint64_t seen) {
  auto woken = std::make_shared<io::OneShot<bool>>(home);
  if (!signal.add(seen, woken)) co_return;
  io::spawn(tell_of_record(lanes, home, shard, sequence, timeout_us, woken));
  (void)co_await *woken;
  signal.remove(woken);
}

}  // namespace millstream::lanes
