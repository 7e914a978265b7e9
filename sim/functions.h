#pragma once

#include <memory>
#include <string>
#include <vector>

#include "services/functions/function_version.h"
#include "services/functions/invoker.h"
#include "sim/world.h"

namespace millstream::sim {

// The functions of the simulation: each writes a row for every record that it is given, into the
// table kRowsTable, and then answers, unless it does what functions do.
class SimulatedFunctions final : public functions::FunctionSource, public functions::Invoker {
 public:
  SimulatedFunctions(World& world, uint64_t seed) : world_(world), dice_(seed) {}

  // The process that calls from now on.
  void set_node(Node* node) {
    node_ = node;
    released_ = false;
  }
  // One of so many calls goes wrong; 0: none.
  void set_trouble(uint64_t once_in) { trouble_once_in_ = once_in; }
  // Lets all that are running answer at once, as a server's shutdown does.
  void release();

  std::shared_ptr<const functions::FunctionVersion> find(const std::string& account,
                                                         const std::string& region,
                                                         const std::string& name) override;
  io::Task<Result<functions::CodeDirectory>> code_directory(
      io::Executor& home, std::shared_ptr<const functions::FunctionVersion> version) override;
  io::Task<functions::InvokeOutcome> invoke(io::Executor& home,
                                            functions::Invocation invocation) override;

  static constexpr const char* kRowsTable = "rows";

 private:
  enum class Behaviour {
    kSucceeds,
    kAnswersLate,
    kWorksTwice,
    kFailsBeforeItsWork,
    kFailsAfterItsWork,
    kHangs,
    kIsThrottled,
    kFindsNoEnvironment
  };
  Behaviour draw();
  io::Task<functions::InvokeOutcome> answer(io::Executor& home, Behaviour behaviour,
                                            TriggerModel::Event event);
  // Writes the rows; false if one of them wasn't acknowledged.
  io::Task<bool> work(io::Executor& home, TriggerModel::Event event);
  io::Task<> pause(io::Executor& home, int64_t us);

  World& world_;
  Dice dice_;
  Node* node_ = nullptr;
  uint64_t trouble_once_in_ = 5;
  bool released_ = false;
  std::vector<std::weak_ptr<io::OneShot<bool>>> paused_;
};

}  // namespace millstream::sim
