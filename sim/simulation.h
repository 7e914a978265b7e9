#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "sim/functions.h"
#include "sim/history.h"
#include "sim/world.h"

namespace millstream::sim {

struct SimulationOutcome {
  std::optional<Finding> finding;  // none: all was as it should be
  uint64_t digest = 0;             // of everything that happened
  std::map<std::string, uint64_t> counts;
};

// Runs one history from an empty machine to a last check of everything.
//
// Operation: the steps are begun one after the other, each a while after the one before, while the
// requests of earlier ones are under way. When the server's process dies, or refuses to go on since
// a fault came true, the next one is started and everything is read and compared with the models.
// At the end the faults cease: what triggers still have to deliver comes, and the server is stopped
// and started in order, and after a power loss, with a check after each.
class Simulation {
 public:
  Simulation(const History& history, Trace::Reader reader);
  ~Simulation();
  SimulationOutcome run();

 private:
  [[nodiscard]] bool found() const { return world_.findings.first().has_value(); }
  [[nodiscard]] bool is_alive() const { return node_ && !node_->is_dead(); }
  void tell(const std::string& line) { world_.tell(line); }

  void do_steps();
  void do_step(const Step& step);
  void do_fault(const Step& step, Dice& dice);
  void die(Death death, Dice& dice);
  void rot(bool across_restart);
  void pass(int64_t us);

  // Starts processes until one lives, and verifies it.
  void start();
  bool start_once(int attempt);
  void explain_failed_start(const Error& error);
  // Ends the process, dead or alive, and what clients wait for.
  void end_process();
  void restart();
  void settle_requests();
  void verify();
  static io::Task<> verify_all(World& world, Node& node, io::Executor& home);
  void finish();
  void heal();
  void await_deliveries();

  const History& history_;
  World world_;
  Dice dice_;
  SimulatedFunctions functions_;
  std::unique_ptr<Node> node_;
  uint64_t processes_ = 0;
  std::optional<uint64_t> dies_in_recovery_;
  std::optional<uint64_t> read_fails_in_recovery_;
};

SimulationOutcome simulate(const History& history, Trace::Reader reader = nullptr);

}  // namespace millstream::sim
