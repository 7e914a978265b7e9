#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/failure_log.h"
#include "aws/gateway.h"
#include "aws/service_registry.h"
#include "io/task.h"
#include "lanes/open.h"
#include "services/dynamodb/service.h"
#include "services/functions/invoker.h"
#include "services/kinesis/service.h"
#include "services/triggers/engine.h"
#include "sim/findings.h"
#include "sim/machine.h"

namespace millstream::sim {

inline constexpr const char* kAccount = "000000000000";
inline constexpr const char* kRegion = "us-east-1";

// How a simulation's server is set up; the same in all its processes.
struct NodeOptions {
  size_t reactors = 2;
  size_t lanes = 8;
  uint64_t segment_bytes = 256 << 10;
  uint64_t zero_ahead_bytes = 16 << 10;
  uint64_t recent_bytes_max = 64 << 10;
  uint64_t flush_after_bytes = 64 << 10;
  int64_t flush_interval_ms = 30'000;
  int64_t trim_interval_ms = 60'000;
  uint64_t cold_read_once_in = 0;
};

// A request's answer as its client has it.
struct Reply {
  Ending ending = Ending::kUnknown;
  std::string json;        // of an acknowledged one
  std::string error_type;  // of a refused one
  std::string detail;      // for a finding
};

// Causes of failures are in their replies already.
class NoFailureLog final : public aws::FailureLog {
 public:
  void internal_failure(std::string_view, std::string_view, std::string_view) override {}
};

// One process of the server, from its start to its death: the real journal, lanes, services and
// triggers on the simulated machine.
class Node {
 public:
  struct Parts {  // all outlive the node
    Machine& machine;
    Scheduler& scheduler;
    SimulatedClock& clock;
    Random& random;
    functions::FunctionSource& functions;
    functions::Invoker& invoker;
  };
  Node(const Parts& parts, const NodeOptions& options, uint64_t seed);
  ~Node();
  Node(const Node&) = delete;

  // As a server's start. A failure leaves a node that can only be stopped.
  Result<> start();
  // Ends what runs, in order or because the process is dead: everything that was begun comes to its
  // end. False if something didn't within a long time. An orderly stop flushes and closes.
  bool stop();

  // Calls an operation through the gateway. Starts and ends on `home`.
  io::Task<Reply> call(io::Executor& home, std::string service, std::string operation,
                       std::string json);
  [[nodiscard]] bool is_dead() const { return life_->dead; }
  // Whether a failure needs no further explanation: a fault came true in this process.
  [[nodiscard]] bool has_excuse() const;

  [[nodiscard]] io::Executor& reactor(uint64_t number) {
    return *executors_[number % executors_.size()];
  }
  [[nodiscard]] lanes::OpenLanes& lanes() { return *lanes_; }
  [[nodiscard]] kinesis::Service& kinesis() { return *kinesis_; }
  [[nodiscard]] triggers::Engine& triggers() { return *triggers_; }

  int requests_under_way = 0;

 private:
  Result<> open_lanes();
  bool run_until(int64_t within_us, const std::function<bool()>& done);
  static io::Task<> note_end(io::Task<Result<>> stopping, std::optional<Result<>>* outcome);

  const Parts parts_;
  const NodeOptions options_;
  Dice dice_;
  const std::shared_ptr<Life> life_;
  const std::unique_ptr<io::Disk> disk_;
  std::vector<std::unique_ptr<SimulatedExecutor>> executors_;
  SimulatedPool pool_;
  SimulatedWorkers workers_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<lanes::OpenLanes> lanes_;
  aws::ServiceRegistry registry_;
  NoFailureLog failures_;
  aws::RegistryGateway gateway_{registry_, failures_};
  std::unique_ptr<kinesis::Service> kinesis_;
  std::unique_ptr<dynamodb::Service> dynamodb_;
  std::unique_ptr<triggers::Engine> triggers_;
};

}  // namespace millstream::sim
