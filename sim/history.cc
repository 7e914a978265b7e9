#include "sim/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>

namespace millstream::sim {
namespace {

struct KindRow {
  StepKind kind;
  const char* name;
  uint64_t weight;
};
constexpr std::array<KindRow, kStepKinds> kKinds{{
    {StepKind::kPutRecord, "put a record", 24},
    {StepKind::kPutRecords, "put records", 16},
    {StepKind::kWalk, "walk a shard", 10},
    {StepKind::kCreateStream, "create a stream", 3},
    {StepKind::kDeleteStream, "delete a stream", 1},
    {StepKind::kItem, "call an item", 36},
    {StepKind::kBatch, "write a batch of items", 8},
    {StepKind::kQuery, "query a partition", 6},
    {StepKind::kCreateTable, "create a table", 3},
    {StepKind::kDeleteTable, "delete a table", 1},
    {StepKind::kCreateMapping, "create a mapping", 3},
    {StepKind::kToggleMapping, "switch a mapping", 2},
    {StepKind::kDeleteMapping, "delete a mapping", 1},
    {StepKind::kPassTime, "let time pass", 5},
    {StepKind::kPowerLoss, "power loss", 2},
    {StepKind::kProcessDeath, "process death", 2},
    {StepKind::kRestart, "restart in order", 1},
    {StepKind::kDiskFails, "a disk operation fails", 2},
    {StepKind::kReadFails, "a read fails", 1},
    {StepKind::kDiskIsFull, "the disk is full", 1},
    {StepKind::kDiskHasRoom, "the disk has room", 2},
    {StepKind::kStoreFails, "the state store fails", 1},
    {StepKind::kSlow, "the machine is slow", 1},
    {StepKind::kClockJump, "the clock is set", 1},
    {StepKind::kRot, "bytes rot", 1},
    {StepKind::kRotAcrossRestart, "bytes rot while it is down", 1},
    {StepKind::kVerify, "verify everything", 1},
}};

constexpr int64_t kStepsMin = 30;
constexpr int64_t kStepsMax = 400;

int64_t draw_gap_us(Dice& dice) {
  const uint64_t kind = dice.below(20);
  if (kind < 14) return dice.between(0, 300);
  if (kind < 19) return dice.between(1'000, 20'000);
  return dice.between(20'000, 2'000'000);
}

NodeOptions draw_options(Dice& dice) {
  NodeOptions options;
  options.reactors = static_cast<size_t>(dice.between(1, 3));
  options.lanes = static_cast<size_t>(dice.between(1, 12));
  options.segment_bytes = uint64_t{16 << 10} << dice.below(3);
  options.zero_ahead_bytes = dice.one_in(3) ? 0 : uint64_t{4 << 10} << dice.below(4);
  options.recent_bytes_max = dice.one_in(2) ? 0 : 32 << 10;
  options.flush_after_bytes = uint64_t{8 << 10} << dice.below(5);
  options.flush_interval_ms = dice.between(1, 30) * 1000;
  options.trim_interval_ms = dice.between(1, 60) * 1000;
  options.cold_read_once_in = dice.one_in(2) ? 0 : 4;
  return options;
}

StepKind draw_kind(Dice& dice, const std::array<uint64_t, kStepKinds>& weights) {
  uint64_t at = dice.below(std::accumulate(weights.begin(), weights.end(), uint64_t{0}));
  for (size_t i = 0; i < kStepKinds; ++i) {
    if (at < weights[i]) return kKinds[i].kind;
    at -= weights[i];
  }
  return StepKind::kVerify;
}

std::optional<size_t> parse_number(std::string_view text) {
  size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

const char* name_of(StepKind kind) {
  return kKinds[static_cast<size_t>(kind)].name;
}

// A history does some things more often than others, and some not at all: together they come to
// places that an even mixture doesn't.
History make_history(uint64_t seed) {
  History history;
  history.seed = seed;
  Dice dice(seed * 8);
  history.node = draw_options(dice);
  std::array<uint64_t, kStepKinds> weights{};
  for (size_t i = 0; i < kStepKinds; ++i) {
    constexpr std::array<uint64_t, 4> kFactors{0, 1, 1, 3};
    weights[i] = kKinds[i].weight * kFactors[dice.below(kFactors.size())];
  }
  weights[static_cast<size_t>(StepKind::kCreateStream)] += 1;
  weights[static_cast<size_t>(StepKind::kCreateTable)] += 1;
  const int64_t count = dice.between(kStepsMin, kStepsMax);
  for (int64_t i = 0; i < count; ++i) {
    const StepKind kind = i == 0   ? StepKind::kCreateStream
                          : i == 1 ? StepKind::kCreateTable
                                   : draw_kind(dice, weights);
    history.kept.push_back(history.steps.size());
    history.steps.push_back({kind, i == 2 ? 5'000 : draw_gap_us(dice), dice.draw()});
  }
  return history;
}

std::string kept_text(const std::vector<size_t>& kept) {
  std::string text;
  for (size_t i = 0; i < kept.size();) {
    size_t last = i;
    while (last + 1 < kept.size() && kept[last + 1] == kept[last] + 1) ++last;
    if (!text.empty()) text.push_back(',');
    text += last == i ? fmt::format("{}", kept[i]) : fmt::format("{}-{}", kept[i], kept[last]);
    i = last + 1;
  }
  return text;
}

std::vector<size_t> parse_kept(const std::string& text) {
  std::vector<size_t> kept;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view part = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const size_t dash = part.find('-');
    const auto first = parse_number(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parse_number(part.substr(dash + 1));
    if (!first || !last) return {};
    for (size_t i = *first; i <= *last; ++i) kept.push_back(i);
  }
  return kept;
}

}  // namespace millstream::sim
