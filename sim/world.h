#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "io/task.h"
#include "sim/findings.h"
#include "sim/machine.h"
#include "sim/model/stream_model.h"
#include "sim/model/table_model.h"
#include "sim/model/trigger_model.h"
#include "sim/node.h"

namespace millstream::sim {

// What the clients of a simulation share: the machine with its time, what they know of the server's
// state, and what was found wrong.
struct World {
  World(uint64_t seed, Trace::Reader reader)
      : trace(std::move(reader)),
        scheduler(seed * 8 + 1, trace),
        clock(scheduler),
        machine(seed * 8 + 2, scheduler, trace),
        random(seed * 8 + 3) {}
  World(const World&) = delete;

  Trace trace;
  Scheduler scheduler;
  SimulatedClock clock;
  Machine machine;
  SeededRandom random;  // the server's
  Findings findings;

  ByName<StreamModel> streams;
  ByName<TableModel> tables;
  std::map<std::string, std::shared_ptr<TriggerModel>> triggers;  // by function

  // Numbers the moments of the simulation; a later one is larger.
  uint64_t moment() {
    wall_ms_highest = std::max(wall_ms_highest, clock.wall_ms());
    return ++moments_;
  }
  uint64_t new_id() { return ++ids_; }
  void tell(const std::string& line) { trace.tell(scheduler.now_us(), line); }
  // A reply that should have been an acknowledgement. Finds fault unless something explains it.
  void explain(const Node& node, const Reply& reply, const std::string& what) {
    if (reply.ending == Ending::kDone || node.has_excuse()) return;
    findings.add("no failure without a reason",
                 what + " failed: " + reply.error_type + " " + reply.detail);
  }

  // How often what happened, for the summary.
  void count(const std::string& what) { ++counts[what]; }
  std::map<std::string, uint64_t> counts;

  int64_t wall_ms_highest = 0;
  uint64_t clock_jumps = 0;
  size_t put_bytes_under_way = 0;  // a group of the log must fit into a segment

 private:
  uint64_t moments_ = 0;
  uint64_t ids_ = 0;
};

// Runs a request's coroutine on one of the node's reactors and counts it until its end.
inline io::Task<> run_counted(Node& node, io::Task<> task) {
  co_await task;
  --node.requests_under_way;
}
inline void begin_request(Node& node, io::Executor& home, io::Task<> task) {
  ++node.requests_under_way;
  auto held = std::make_shared<io::Task<>>(run_counted(node, std::move(task)));
  home.post([held] { io::spawn(std::move(*held)); });
}

}  // namespace millstream::sim
