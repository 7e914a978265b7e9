#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/dice.h"
#include "sim/node.h"

namespace millstream::sim {

enum class StepKind {
  // What clients do.
  kPutRecord,
  kPutRecords,
  kWalk,
  kCreateStream,
  kDeleteStream,
  kItem,
  kBatch,
  kQuery,
  kCreateTable,
  kDeleteTable,
  kCreateMapping,
  kToggleMapping,
  kDeleteMapping,
  // What the world does (sim/machine.h).
  kPassTime,
  kPowerLoss,
  kProcessDeath,
  kRestart,
  kDiskFails,
  kReadFails,
  kDiskIsFull,
  kDiskHasRoom,
  kStoreFails,
  kSlow,
  kClockJump,
  kRot,
  kRotAcrossRestart,
  kVerify,
};
inline constexpr size_t kStepKinds = static_cast<size_t>(StepKind::kVerify) + 1;
const char* name_of(StepKind kind);

// One thing that is begun, `gap_us` after the one before. All details are drawn from its own seed,
// so a history may be cut without changing what is left of it.
struct Step {
  StepKind kind;
  int64_t gap_us;
  uint64_t seed;
};

// What a seed stands for.
struct History {
  uint64_t seed = 0;
  NodeOptions node;
  std::vector<Step> steps;
  std::vector<size_t> kept;  // the steps that are done, rising
};
History make_history(uint64_t seed);

// "3,5-9,12", as --keep takes it; nothing kept if the text isn't of that form.
std::string kept_text(const std::vector<size_t>& kept);
std::vector<size_t> parse_kept(const std::string& text);

}  // namespace millstream::sim
