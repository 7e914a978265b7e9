#include "sim/functions.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/base64.h"
#include "services/kinesis/sequence_number.h"
#include "sim/dynamodb_client.h"

namespace millstream::sim {
namespace {

using functions::InvokeOutcome;
using functions::InvokeStatus;

constexpr int64_t kUsualUsMax = 5'000;
constexpr int64_t kLateUsMax = 8'000'000;
constexpr int64_t kTimeoutUs = 30'000'000;

TriggerModel::Event read_event(const std::string& payload) {
  const nlohmann::json json = nlohmann::json::parse(payload);
  TriggerModel::Event event{};
  for (const nlohmann::json& entry : json["Records"]) {
    const nlohmann::json& record = entry["kinesis"];
    SeenRecord seen;
    seen.sequence_text = record["sequenceNumber"];
    const auto number = kinesis::parse_sequence_number(seen.sequence_text);
    if (number) {
      seen.sequence = number->sequence;
      event.shard = number->shard_index;
    }
    seen.partition_key = record["partitionKey"];
    seen.data = base64_decode(record["data"].get<std::string>()).value_or("");
    seen.arrival_ms = std::llround(record["approximateArrivalTimestamp"].get<double>() * 1000);
    event.records.push_back(std::move(seen));
  }
  return event;
}

InvokeOutcome outcome_of(InvokeStatus status) {
  InvokeOutcome outcome;
  outcome.status = status;
  return outcome;
}

InvokeOutcome function_error() {
  InvokeOutcome outcome;
  outcome.function_error = "Unhandled";
  return outcome;
}

TriggerModel::Outcome modelled(const InvokeOutcome& outcome) {
  if (outcome.status != InvokeStatus::kAnswered) return TriggerModel::Outcome::kNotRun;
  return outcome.function_error.empty() ? TriggerModel::Outcome::kSucceeded
                                        : TriggerModel::Outcome::kFailed;
}

}  // namespace

std::shared_ptr<const functions::FunctionVersion> SimulatedFunctions::find(
    const std::string& account, const std::string& region, const std::string& name) {
  auto version = std::make_shared<functions::FunctionVersion>();
  version->account = account;
  version->region = region;
  version->name = name;
  return version;
}

io::Task<Result<functions::CodeDirectory>> SimulatedFunctions::code_directory(
    io::Executor& /*home*/, std::shared_ptr<const functions::FunctionVersion> /*version*/) {
  co_return Error{ErrorCode::kUnsupported, "a simulated function has no code"};
}

void SimulatedFunctions::release() {
  released_ = true;
  for (const auto& paused : std::exchange(paused_, {})) {
    if (const auto gate = paused.lock()) gate->set(true);
  }
}

SimulatedFunctions::Behaviour SimulatedFunctions::draw() {
  if (trouble_once_in_ == 0 || !dice_.one_in(trouble_once_in_)) return Behaviour::kSucceeds;
  return static_cast<Behaviour>(dice_.between(1, 7));
}

io::Task<> SimulatedFunctions::pause(io::Executor& home, int64_t us) {
  if (released_) co_return;
  auto gate = std::make_shared<io::OneShot<bool>>(home);
  paused_.push_back(gate);
  const io::TimerId timer = home.run_after(us, [gate] { gate->set(true); });
  const bool passed = co_await *gate;
  (void)passed;  // released or not, it goes on
  home.cancel(timer);
}

io::Task<bool> SimulatedFunctions::work(io::Executor& home, TriggerModel::Event event) {
  const auto rows = world_.tables.find(kRowsTable);
  for (const SeenRecord& record : event.records) {
    ItemCall put{.kind = ItemCall::Kind::kPut, .text = "row"};
    ItemKey key{fmt::format("r{}", record_id_of(record.data).value_or(0)), 0};
    const Ending ending =
        co_await call_item(world_, *node_, home, rows, std::move(key), std::move(put));
    if (ending != Ending::kDone) co_return false;
  }
  co_return true;
}

io::Task<InvokeOutcome> SimulatedFunctions::answer(io::Executor& home, Behaviour behaviour,
                                                   TriggerModel::Event event) {
  if (behaviour == Behaviour::kIsThrottled) co_return outcome_of(InvokeStatus::kThrottled);
  if (behaviour == Behaviour::kFindsNoEnvironment) co_return outcome_of(InvokeStatus::kFailed);
  co_await pause(home, behaviour == Behaviour::kAnswersLate ? dice_.between(0, kLateUsMax)
                                                            : dice_.between(0, kUsualUsMax));
  if (behaviour == Behaviour::kFailsBeforeItsWork) co_return function_error();
  const int times = behaviour == Behaviour::kWorksTwice ? 2 : 1;
  for (int i = 0; i < times; ++i) {
    const bool worked = co_await work(home, event);
    if (!worked) co_return function_error();
  }
  if (behaviour == Behaviour::kHangs) co_await pause(home, kTimeoutUs);
  const bool fails = behaviour == Behaviour::kHangs || behaviour == Behaviour::kFailsAfterItsWork;
  if (released_ && fails) co_return outcome_of(InvokeStatus::kStopped);
  co_return fails ? function_error() : InvokeOutcome();
}

io::Task<InvokeOutcome> SimulatedFunctions::invoke(io::Executor& home,
                                                   functions::Invocation invocation) {
  Node& node = *node_;
  if (node.is_dead() || released_) co_return outcome_of(InvokeStatus::kStopped);
  const auto found = world_.triggers.find(invocation.function_name);
  if (found == world_.triggers.end()) {
    world_.findings.add("only what was sent is seen",
                        "a function that no mapping names was called: " + invocation.function_name);
    co_return outcome_of(InvokeStatus::kNotFound);
  }
  TriggerModel& trigger = *found->second;
  const TriggerModel::Event event = read_event(invocation.payload);
  world_.count("function calls");
  const std::string call =
      fmt::format("{} with {} to {} of shard {}", trigger.function(),
                  event.records.front().sequence, event.records.back().sequence, event.shard);
  world_.tell("    calls " + call);
  const uint64_t moment = world_.moment();
  trigger.begin(event, moment, world_.wall_ms_highest);
  InvokeOutcome outcome = co_await answer(home, draw(), event);
  if (node.is_dead()) co_return outcome_of(InvokeStatus::kStopped);
  world_.tell(fmt::format("    answer {} {}of {}", static_cast<int>(outcome.status),
                          outcome.function_error, call));
  trigger.end(event, modelled(outcome));
  co_return outcome;
}

}  // namespace millstream::sim
