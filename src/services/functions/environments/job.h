#pragma once

#include <cstdint>
#include <memory>

#include "io/executor.h"
#include "io/task.h"
#include "services/functions/invoker.h"

namespace millstream::functions {

// One invocation on its way through a pool: waiting, running, answered.
struct Job {
  Invocation invocation;
  std::shared_ptr<io::OneShot<InvokeOutcome>> outcome;
  io::TimerId wait_timer = 0;  // while it waits for an environment
  int64_t waiting_since_us = 0;
};

inline void answer(Job& job, InvokeOutcome outcome) {
  outcome.request_id = job.invocation.request_id;
  job.outcome->set(std::move(outcome));
}

}  // namespace millstream::functions
