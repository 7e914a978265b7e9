#include "server/on_demand_setting.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "server/assignment_list.h"

namespace millstream::server {
namespace {

using kinesis::OnDemandSettings;

struct Field {
  std::string_view name;
  int64_t least;
  int64_t most;
  void (*set)(OnDemandSettings* settings, int64_t value);
};

constexpr Field kFields[] = {
    {"split-above-percent", 1, 100,
     [](auto* settings, int64_t value) {
       settings->split_above = static_cast<double>(value) / 100;
     }},
    {"merge-below-percent", 0, 100,
     [](auto* settings, int64_t value) {
       settings->merge_below = static_cast<double>(value) / 100;
     }},
    {"quiet-ms", 1'000, 86'400'000,
     [](auto* settings, int64_t value) { settings->quiet_ms = value; }},
    {"pace-ms", 100, 3'600'000, [](auto* settings, int64_t value) { settings->pace_ms = value; }},
    {"shards-min", 1, 100'000, [](auto* settings, int64_t value) { settings->shards_min = value; }},
    {"shards-max", 1, 100'000, [](auto* settings, int64_t value) { settings->shards_max = value; }},
};

Error invalid(std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message)};
}

Result<> read_field(const Assignment& assignment, OnDemandSettings* settings) {
  const auto* const field =
      std::find_if(std::begin(kFields), std::end(kFields),
                   [&](const Field& each) { return each.name == assignment.name; });
  if (field == std::end(kFields)) {
    return invalid(fmt::format("'{}' is not one of the on-demand settings (docs/quotas.md).",
                               assignment.text));
  }
  const auto value = whole_number(assignment.value.value_or(""));
  if (!value || *value < field->least || *value > field->most) {
    return invalid(
        fmt::format("{} takes a number from {} to {}.", field->name, field->least, field->most));
  }
  field->set(settings, *value);
  return {};
}

}  // namespace

Result<> read_on_demand(std::string_view text, OnDemandSettings* settings) {
  Result<> read = read_assignments(
      text, [settings](const Assignment& assignment) { return read_field(assignment, settings); });
  if (!read) return read;
  if (2 * settings->merge_below > settings->split_above + 1e-9) {
    return invalid("merge-below-percent is to be at most half of split-above-percent.");
  }
  if (settings->shards_min > settings->shards_max) {
    return invalid("shards-min is to be at most shards-max.");
  }
  return {};
}

}  // namespace millstream::server
