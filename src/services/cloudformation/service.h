#pragma once

#include <functional>
#include <string>
#include <utility>

#include "aws/gateway.h"
#include "base/clock.h"
#include "base/random.h"
#include "lanes/lanes.h"
#include "services/cloudformation/engine/engine.h"
#include "services/cloudformation/resources/registry.h"
#include "services/cloudformation/stack_store.h"

namespace millstream::cloudformation {

// What CloudFormation's operations share. Thread-safe. What it was given outlives it; it outlives
// the engine's runs, which end when the executors stop.
class Service {
 public:
  Service(lanes::Lanes& lanes, aws::Gateway& gateway, const Clock& clock, Random& random,
          std::function<void(const std::string&)> warn)
      : random_(random),
        store_(lanes),
        engine_({store_, types_, gateway, clock, random, std::move(warn)}) {}

  // Takes up the stacks that were busy when the process ended; their runs go on on `home`. Blocks
  // while it reads; once the other services can be called, before the first request.
  Result<> resume(io::Executor& home) { return engine_.resume(home); }

  // Runs that wait for a disk to work again end.
  void stop() { engine_.stop(); }

  [[nodiscard]] Random& random() { return random_; }
  [[nodiscard]] StackStore& store() { return store_; }
  [[nodiscard]] Engine& engine() { return engine_; }
  [[nodiscard]] const TypeRegistry& types() const { return types_; }

 private:
  Random& random_;
  const TypeRegistry types_;
  StackStore store_;
  Engine engine_;
};

}  // namespace millstream::cloudformation
