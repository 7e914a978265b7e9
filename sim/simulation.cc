#include "sim/simulation.h"

#include <fmt/format.h>

#include <utility>

#include "sim/dynamodb_client.h"
#include "sim/kinesis_client.h"
#include "sim/requests.h"
#include "sim/trigger_client.h"

namespace millstream::sim {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kHourMs = 3'600'000;
// No request takes longer, even on a slow machine.
constexpr int64_t kRequestUsMax = 120 * kSecondUs;
// The longest wait between two tries of a trigger is a minute.
constexpr int64_t kDeliveryUsMax = 900 * kSecondUs;
constexpr int kStartsMax = 12;
constexpr int kFaultyStartsMax = 6;

}  // namespace

Simulation::Simulation(const History& history, Trace::Reader reader)
    : history_(history),
      world_(history.seed, std::move(reader)),
      dice_(history.seed * 8 + 4),
      functions_(world_, history.seed * 8 + 5) {}

Simulation::~Simulation() = default;

SimulationOutcome Simulation::run() {
  start();
  if (!found()) {
    begin_rows_table(world_, *node_);
    settle_requests();
  }
  do_steps();
  if (!found()) finish();
  if (node_) end_process();
  world_.counts["segments made"] = world_.machine.segments_made();
  world_.counts["index files made"] = world_.machine.index_files_made();
  world_.counts["segments removed"] = world_.machine.segments_removed();
  return {world_.findings.first(), world_.trace.digest(), world_.counts};
}

void Simulation::do_steps() {
  for (const size_t index : history_.kept) {
    if (found() || index >= history_.steps.size()) return;
    const Step& step = history_.steps[index];
    pass(step.gap_us);
    // A server that refuses to go on is restarted sooner or later.
    const bool is_tired = is_alive() && node_->has_excuse() && Dice(step.seed).one_in(6);
    if (is_tired && !found()) restart();
    if (!is_alive() && !found()) restart();
    if (!found()) do_step(step);
  }
}

void Simulation::pass(int64_t us) {
  // Whether it ended early is seen by whoever asks for findings next.
  (void)world_.scheduler.run(world_.scheduler.now_us() + us,
                             [this] { return found() || !is_alive(); });
  // The time goes on by one moment; its number isn't needed.
  (void)world_.moment();
}

void Simulation::do_step(const Step& step) {
  tell(name_of(step.kind));
  world_.count(name_of(step.kind));
  Dice dice(step.seed);
  if (step.kind >= StepKind::kPassTime) {
    do_fault(step, dice);
  } else {
    begin_client_step(world_, *node_, step);
  }
}

void Simulation::do_fault(const Step& step, Dice& dice) {
  Machine& machine = world_.machine;
  switch (step.kind) {
    case StepKind::kPassTime:
      // Housekeeping looks at a segment again after ten minutes.
      return pass((dice.one_in(4) ? 660 : dice.between(1, 60)) * kSecondUs);
    case StepKind::kPowerLoss:
      return die(Death::kPowerLoss, dice);
    case StepKind::kProcessDeath:
      return die(Death::kProcessDeath, dice);
    case StepKind::kRestart:
      settle_requests();
      return restart();
    case StepKind::kDiskFails:
      return dice.one_in(2) ? machine.fail_write_after(dice.below(12))
                            : machine.fail_sync_after(dice.below(12));
    case StepKind::kReadFails:
      return machine.fail_read_after(dice.below(6));
    case StepKind::kDiskIsFull:
      return machine.medium().set_capacity(machine.medium().used_bytes() + dice.below(40'000));
    case StepKind::kDiskHasRoom:
      world_.scheduler.set_slowness(1);
      return machine.medium().set_capacity(UINT64_MAX);
    case StepKind::kStoreFails:
      (dice.one_in(2) ? machine.state().flush_fails_in : machine.state().apply_fails_in) =
          dice.below(10);
      return;
    case StepKind::kSlow:
      return world_.scheduler.set_slowness(dice.between(5, 100));
    case StepKind::kClockJump:
      ++world_.clock_jumps;
      return world_.clock.jump_ms(dice.between(-30, 30) * kHourMs);
    case StepKind::kRot:
      return rot(false);
    case StepKind::kRotAcrossRestart:
      return rot(true);
    default:
      settle_requests();
      return verify();
  }
}

// Now, after some more work, or in the midst of a disk operation.
void Simulation::die(Death death, Dice& dice) {
  if (dice.one_in(3)) dies_in_recovery_ = dice.below(30);
  if (dice.one_in(5)) read_fails_in_recovery_ = dice.below(20);
  switch (dice.below(3)) {
    case 0:
      world_.machine.kill_at_operation(death, dice.below(30));
      break;
    case 1: {
      const uint64_t until = world_.scheduler.steps() + dice.below(300);
      // Whether that many steps came or the time was over, it dies here.
      (void)world_.scheduler.run(world_.scheduler.now_us() + kSecondUs, [this, until] {
        return world_.scheduler.steps() >= until || !is_alive();
      });
      [[fallthrough]];
    }
    default:
      world_.machine.kill(death);
  }
}

// What rotted must be found, or not matter; once it is mended everything is as it was.
void Simulation::rot(bool across_restart) {
  settle_requests();
  if (found() || !is_alive()) return;
  if (across_restart) world_.machine.kill(Death::kProcessDeath);
  const std::optional<std::string> where = world_.machine.rot();
  if (!where) return;
  tell("rotten: " + *where);
  world_.count("bytes that rotted");
  if (across_restart) {
    restart();
  } else {
    verify();
  }
  if (found() || !world_.machine.may_fail_reads()) return;
  if (is_alive()) world_.machine.kill(Death::kProcessDeath);
  world_.machine.undo_rot();
  restart();
}

void Simulation::settle_requests() {
  const bool settled = world_.scheduler.run(world_.scheduler.now_us() + kRequestUsMax, [this] {
    return found() || !is_alive() || node_->requests_under_way == 0;
  });
  if (!settled) world_.findings.add("every request is answered", "a request has no answer");
}

void Simulation::restart() {
  end_process();
  if (!found()) start();
}

void Simulation::end_process() {
  functions_.release();
  const bool in_order = is_alive();
  if (!node_->stop()) {
    world_.findings.add("everything comes to its end",
                        fmt::format("{} requests and {} workers don't", node_->requests_under_way,
                                    node_->triggers().running()));
  }
  world_.count(in_order ? "stops in order" : "deaths");
  // What is left of it in this process is no part of the simulation any more.
  world_.machine.kill(Death::kProcessDeath);
  node_.reset();
  world_.put_bytes_under_way = 0;
  for (const auto& [name, stream] : world_.streams.all()) stream->process_died();
  for (const auto& [name, table] : world_.tables.all()) table->process_died();
  for (const auto& [function, trigger] : world_.triggers) trigger->process_died();
}

void Simulation::start() {
  for (int attempt = 0; attempt < kStartsMax && !found(); ++attempt) {
    if (!start_once(attempt)) continue;
    verify();
    if (is_alive()) return;
    if (!found()) end_process();
  }
  if (!found()) world_.findings.add("it starts again", "no attempt succeeded");
}

bool Simulation::start_once(int attempt) {
  if (attempt >= kFaultyStartsMax) heal();
  node_ = std::make_unique<Node>(Node::Parts{world_.machine, world_.scheduler, world_.clock,
                                             world_.random, functions_, functions_},
                                 history_.node, history_.seed * 64 + processes_++);
  functions_.set_node(node_.get());
  if (dies_in_recovery_ && attempt < kFaultyStartsMax) {
    world_.machine.kill_at_operation(Death::kPowerLoss, *dies_in_recovery_);
  }
  if (read_fails_in_recovery_) world_.machine.fail_read_after(*read_fails_in_recovery_);
  dies_in_recovery_.reset();
  read_fails_in_recovery_.reset();
  Result<> started = node_->start();
  tell(started ? "started" : "doesn't start: " + started.error().message);
  if (started) return true;
  explain_failed_start(started.error());
  end_process();
  return false;
}

void Simulation::explain_failed_start(const Error& error) {
  if (node_->is_dead() || world_.machine.read_has_failed()) return;
  if (error.code == ErrorCode::kNoSpace) {
    world_.machine.medium().set_capacity(UINT64_MAX);
    return;
  }
  if (error.code == ErrorCode::kCorruption && world_.machine.may_fail_reads()) {
    world_.count("rot that a start found");
    world_.machine.undo_rot();
    return;
  }
  world_.findings.add("it starts again", error.message);
}

io::Task<> Simulation::verify_all(World& world, Node& node, io::Executor& home) {
  const auto streams = world.streams.all();
  for (const auto& [name, stream] : streams) {
    co_await verify_stream(world, node, home, stream);
    if (node.is_dead()) co_return;
  }
  const auto tables = world.tables.all();
  for (const auto& [name, table] : tables) {
    co_await verify_table(world, node, home, table, name != SimulatedFunctions::kRowsTable);
    if (node.is_dead()) co_return;
  }
}

void Simulation::verify() {
  if (found() || !is_alive()) return;
  world_.count("checks of everything");
  io::Executor& home = node_->reactor(0);
  begin_request(*node_, home, verify_all(world_, *node_, home));
  settle_requests();
  if (is_alive()) verify_mappings(world_, *node_);
}

void Simulation::heal() {
  world_.machine.medium().set_capacity(UINT64_MAX);
  world_.scheduler.set_slowness(1);
  functions_.set_trouble(0);
  dies_in_recovery_.reset();
  read_fails_in_recovery_.reset();
}

void Simulation::await_deliveries() {
  for (const auto& [function, trigger] : world_.triggers) {
    if (trigger->enabled || trigger->deleted || trigger->uuid.empty()) continue;
    begin_request(*node_, node_->reactor(0),
                  set_mapping_enabled(world_, *node_, node_->reactor(0), trigger, true));
  }
  settle_requests();
  const TriggerModel* behind = nullptr;
  const auto all_done = [this, &behind] {
    behind = nullptr;
    for (const auto& [function, trigger] : world_.triggers) {
      const bool counts = !trigger->deleted && trigger->enabled && !trigger->uuid.empty() &&
                          trigger->stream()->is_active();
      if (counts && !trigger->is_done(world_.wall_ms_highest)) behind = trigger.get();
    }
    return behind == nullptr;
  };
  const int64_t until_us = world_.scheduler.now_us() + kDeliveryUsMax;
  while (!found() && is_alive() && !all_done() && world_.scheduler.now_us() < until_us) {
    pass(kSecondUs);
  }
  if (found() || !behind) return;
  world_.findings.add("every record is delivered in the end", behind->progress_text());
}

void Simulation::finish() {
  tell("the faults cease");
  heal();
  settle_requests();
  // Faults that were set to come true later are taken back by a new process.
  if (!found()) restart();
  if (!found()) await_deliveries();
  verify();
  if (!found()) restart();
  if (!found()) world_.machine.kill(Death::kPowerLoss);
  if (!found()) restart();
}

SimulationOutcome simulate(const History& history, Trace::Reader reader) {
  return Simulation(history, std::move(reader)).run();
}

}  // namespace millstream::sim
