#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/error.h"
#include "aws/request_context.h"
#include "base/random.h"
#include "lanes/lanes.h"
#include "services/functions/functions.h"

namespace millstream::triggers {
class Engine;
}

namespace millstream::lambda {

// What Lambda's operations share. Thread-safe. What it was given outlives it.
class Service {
 public:
  Service(functions::Functions& functions, triggers::Engine& triggers, lanes::Lanes& lanes,
          Random& random)
      : functions_(functions), triggers_(triggers), lanes_(lanes), random_(random) {}

  [[nodiscard]] functions::Functions& functions() { return functions_; }
  [[nodiscard]] triggers::Engine& triggers() { return triggers_; }
  [[nodiscard]] lanes::Lanes& lanes() { return lanes_; }
  [[nodiscard]] Random& random() { return random_; }
  [[nodiscard]] lanes::LaneId lane_of(const functions::FunctionAddress& address) const {
    return lanes_.lane_of(functions::function_hash(address));
  }

 private:
  functions::Functions& functions_;
  triggers::Engine& triggers_;
  lanes::Lanes& lanes_;
  Random& random_;
};

}  // namespace millstream::lambda
