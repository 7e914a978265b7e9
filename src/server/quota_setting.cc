#include "server/quota_setting.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

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

Result<> read_quota(std::string_view text, aws::QuotaValues* values) {
  const size_t equals = text.find('=');
  if (equals == text.npos) {
    return invalid(fmt::format("'{}' is not NAME=NUMBER, as in kinesis.shards=100000.", text));
  }
  const std::string_view name = text.substr(0, equals);
  const aws::Quota* const quota = find_quota(name);
  if (!quota) {
    return invalid(fmt::format("There is no quota '{}' (millstream quotas lists them).", name));
  }
  const auto number = whole_number(text.substr(equals + 1));
  const bool allowed =
      number && *number >= 1 && (quota->value_max == 0 || *number <= quota->value_max);
  if (!allowed) {
    return invalid(fmt::format(
        "'{}' is not a number {} for {}.", text.substr(equals + 1),
        quota->value_max == 0 ? "from 1 on" : fmt::format("from 1 to {}", quota->value_max), name));
  }
  (*values)[std::string(name)] = *number;
  return {};
}

}  // namespace

Result<> read_quotas(std::string_view text, aws::QuotaValues* values) {
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    Result<> read = read_quota(text.substr(0, comma), values);
    if (!read) return read;
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return {};
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

std::optional<int64_t> whole_number(std::string_view text) {
  int64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  if (!whole || number < 0) return std::nullopt;
  return number;
}

}  // namespace millstream::server
