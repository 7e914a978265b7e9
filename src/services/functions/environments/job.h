#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "io/executor.h"
#include "io/task.h"
#include "services/functions/invoker.h"

namespace millstream::functions {

// One invocation on its way through a pool: waiting, running, answered.
struct Job {
  Invocation invocation;  // its payload stands below
  std::shared_ptr<const std::string> payload;
  std::shared_ptr<io::OneShot<InvokeOutcome>> outcome;
  io::TimerId wait_timer = 0;  // while it waits for an environment
  int64_t waiting_since_us = 0;
  bool given_back = false;  // once, by an environment that had ended before it was given the job
};

inline void answer(Job& job, InvokeOutcome outcome) {
  outcome.request_id = job.invocation.request_id;
  job.outcome->set(std::move(outcome));
}

}  // namespace millstream::functions
