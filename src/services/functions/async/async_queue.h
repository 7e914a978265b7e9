#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "lanes/lanes.h"
#include "services/functions/catalogue/function.h"
#include "services/functions/invoker.h"

namespace millstream::functions {

// Asynchronous invocations (InvocationType Event): durable before they are accepted, run at least
// once, in the background.
//
// Operation: an entry stands in the function's lane until its function has answered. A function
// error is retried twice, after one minute and after two; a throttle or a failed start is retried
// with growing delays; what is six hours old is dropped with a warning. After a restart everything
// that stands is run, its delay kept. An entry that can't be read or erased is tried again with
// growing delays, without a second run once its function has answered.
// Concurrency: thread-safe; up to kRunningPerFunctionMax entries of a function run at once, in the
// order of their arrival.
class AsyncQueue {
 public:
  // `background` runs the entries; everything outlives the queue.
  AsyncQueue(lanes::Lanes& lanes, Invoker& invoker, const Clock& clock, io::Executor& background,
             std::function<void(const std::string&)> warn);
  ~AsyncQueue();

  // Reads what stands and begins. Blocks.
  Result<> start();
  // Runs no more; entries that are running stay unless they have been answered. Thread-safe.
  void stop();
  // Entries that are running now.
  [[nodiscard]] size_t running() const;

  // Returns once the invocation is durable. Its request_id names it.
  io::Task<Result<>> add(io::Executor& home, Invocation invocation);

  static constexpr size_t kRunningPerFunctionMax = 64;

 private:
  class State;
  const std::shared_ptr<State> state_;
};

}  // namespace millstream::functions
