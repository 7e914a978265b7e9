#include "server/quota_setting.h"

#include <fmt/format.h>

#include <algorithm>

#include "server/assignment_list.h"
#include "services/kinesis/quotas.h"

namespace millstream::server {
namespace {

Error invalid(std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message)};
}

const aws::Quota* find_quota(std::string_view name) {
  const auto table = kinesis::quota_table();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const aws::Quota& quota) { return quota.name == name; });
  return found == table.end() ? nullptr : &*found;
}

Result<> read_quota(const Assignment& assignment, aws::QuotaValues* values) {
  if (!assignment.value) {
    return invalid(
        fmt::format("'{}' is not NAME=NUMBER, as in kinesis.shards=100000.", assignment.text));
  }
  const std::string_view name = assignment.name;
  const aws::Quota* const quota = find_quota(name);
  if (!quota) {
    return invalid(fmt::format("There is no quota '{}' (millstream quotas lists them).", name));
  }
  const auto number = whole_number(*assignment.value);
  const bool allowed =
      number && *number >= 1 && (quota->value_max == 0 || *number <= quota->value_max);
  if (!allowed) {
    return invalid(fmt::format(
        "'{}' is not a number {} for {}.", *assignment.value,
        quota->value_max == 0 ? "from 1 on" : fmt::format("from 1 to {}", quota->value_max), name));
  }
  (*values)[std::string(name)] = *number;
  return {};
}

}  // namespace

Result<> read_quotas(std::string_view text, aws::QuotaValues* values) {
  return read_assignments(
      text, [values](const Assignment& assignment) { return read_quota(assignment, values); });
}

Result<> check_quotas(const aws::QuotaValues& values, bool rates) {
  if (rates) return {};
  for (const auto& [name, value] : values) {
    if (!find_quota(name)->rate) continue;
    return invalid(
        fmt::format("The quota {} is a rate, which is held with --quotas aws only.", name));
  }
  return {};
}

std::string quotas_as_table() {
  std::string table = "| quota | default | unit | held | what it bounds |\n|---|---|---|---|---|\n";
  for (const aws::Quota& quota : kinesis::quota_table()) {
    table += fmt::format("| `{}` | {} | {} | {} | {} |\n", quota.name, quota.value, quota.unit,
                         quota.rate ? "with `--quotas aws`" : "always", quota.bounds);
  }
  return table;
}

}  // namespace millstream::server
