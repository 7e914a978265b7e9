#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "io/executor.h"
#include "io/task.h"
#include "lanes/open.h"

namespace millstream::lanes {

// Runs `work`, which may block, and goes on on `home` with what it returned. `run_blocking`
// outlives the call.
template <class T>
io::Task<T> on_blocking_thread(const RunBlocking& run_blocking, io::Executor& home,
                               std::function<T()> work) {
  auto answer = std::make_shared<io::OneShot<T>>(home);
  run_blocking([answer, work = std::move(work)] { answer->set(work()); });
  T result = co_await *answer;
  co_return result;
}

}  // namespace millstream::lanes
