#include "server/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "services/kinesis/limits.h"

namespace millstream::server {
namespace {

constexpr double kShardWriteBytes = 1e6;
constexpr double kShardReadBytes = 2e6;
constexpr double kShardRecords = 1000;
constexpr double kSecondsPerDay = 86'400;

// What one core did (docs/performance.md): PutRecords of 500 records and GetRecords in pages of
// 1 MB. Planned with half of it: a load has peaks, and other work goes on.
constexpr double kCoreWriteRecords = 994'000;
constexpr double kCoreWriteBytes = 337'500 * 1024.0;
constexpr double kCoreReadBytes = 775'000 * 1024.0;
constexpr double kShareUsed = 0.5;

// Around each record on disk, beside its data: partition key, lengths, its share of a frame and of
// the index (docs/formats). Segments wait for their last record to expire: a tenth more.
constexpr double kRecordOverheadBytes = 64;
constexpr double kDiskReserve = 1.1;

// On-demand streams, in the three large regions and elsewhere.
constexpr double kOnDemandWriteBytes = 10e9;
constexpr double kOnDemandWriteBytesElsewhere = 200e6;
constexpr double kOnDemandFirstWriteBytes = 4e6;

Error invalid(std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message)};
}

int64_t whole(double amount) {
  // A load of just so many isn't one more because of a rounded last digit.
  return std::max<int64_t>(1, static_cast<int64_t>(std::ceil(amount - 1e-9)));
}

// "5.62 PB", "65 GB"
std::string amount(double bytes) {
  constexpr std::string_view kUnits[] = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};
  size_t unit = 0;
  while (bytes >= 1000 && unit + 1 < std::size(kUnits)) {
    bytes /= 1000;
    ++unit;
  }
  return fmt::format("{:.3g} {}", bytes, kUnits[unit]);
}

// 97500 -> "97,500"
std::string grouped(double number) {
  std::string digits = fmt::format("{:.0f}", number);
  for (size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string plural(int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(static_cast<double>(count)), noun, count == 1 ? "" : "s");
}

// What AWS's on-demand mode would do with the load.
std::string on_demand_note(const Plan& plan) {
  const std::string begin = fmt::format(
      "On-demand mode would choose the shards itself: it begins with {} a second of writes and "
      "doubles the highest peak of the last 30 days",
      amount(kOnDemandFirstWriteBytes));
  if (plan.bytes_per_second_in <= kOnDemandWriteBytesElsewhere) {
    return begin + "; this load is within its default limits in every region.";
  }
  if (plan.bytes_per_second_in <= kOnDemandWriteBytes) {
    return fmt::format(
        "{}; its default limit is {} a second in us-east-1, us-west-2 and eu-west-1, and {} "
        "elsewhere.",
        begin, amount(kOnDemandWriteBytes), amount(kOnDemandWriteBytesElsewhere));
  }
  return fmt::format("{}; its limit of {} a second a stream asks for {} on-demand streams here.",
                     begin, amount(kOnDemandWriteBytes),
                     grouped(std::ceil(plan.bytes_per_second_in / kOnDemandWriteBytes)));
}

}  // namespace

Plan plan_kinesis(const PlanRequest& request) {
  const double consumers = static_cast<double>(request.consumers);
  Plan plan;
  plan.bytes_per_second_in = request.records_per_second * static_cast<double>(request.record_bytes);
  plan.bytes_per_second_out = plan.bytes_per_second_in * consumers;
  const std::pair<double, std::string_view> bounds[] = {
      {plan.bytes_per_second_in / kShardWriteBytes, "write bytes"},
      {plan.bytes_per_second_out / kShardReadBytes, "read bytes"},
      {request.records_per_second / kShardRecords, "records"},
  };
  const auto largest =
      std::max_element(std::begin(bounds), std::end(bounds),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
  plan.shards = whole(largest->first);
  plan.shards_bound = largest->second;
  plan.streams = whole(static_cast<double>(plan.shards) / kinesis::kShardsPerStreamMax);

  plan.bytes_per_day = plan.bytes_per_second_in * kSecondsPerDay;
  const double stored_per_second =
      plan.bytes_per_second_in + request.records_per_second * kRecordOverheadBytes;
  plan.disk_bytes =
      stored_per_second * 3600 * static_cast<double>(request.retention_hours) * kDiskReserve;
  const double write_cores = std::max(request.records_per_second / kCoreWriteRecords,
                                      plan.bytes_per_second_in / kCoreWriteBytes);
  const double read_cores = plan.bytes_per_second_out / kCoreReadBytes;
  plan.cores = (write_cores + read_cores) / kShareUsed;
  plan.nodes = whole(plan.cores / static_cast<double>(request.node_cores));
  return plan;
}

std::string plan_in_words(const PlanRequest& request, const Plan& plan) {
  std::string text = fmt::format(
      "{} records a second of {}, read by {}, kept for {}:\n\n",
      grouped(request.records_per_second), amount(static_cast<double>(request.record_bytes)),
      plural(request.consumers, "consumer"), plural(request.retention_hours, "hour"));
  text += fmt::format("  writes   {} a second, {} a day\n", amount(plan.bytes_per_second_in),
                      amount(plan.bytes_per_day));
  text += fmt::format("  reads    {} a second\n", amount(plan.bytes_per_second_out));
  text += fmt::format(
      "  shards   {}, because of {}; {}\n", grouped(static_cast<double>(plan.shards)),
      plan.shards_bound,
      plan.streams == 1 ? "one stream holds them" : "in " + plural(plan.streams, "stream"));
  text += fmt::format("  disk     {} for the retention\n", amount(plan.disk_bytes));
  text += fmt::format(
      "  cores    {}, each at half of what one does in docs/performance.md: {} of {} cores\n",
      grouped(std::ceil(plan.cores)), plural(plan.nodes, "node"), request.node_cores);
  text += fmt::format(
      "\nStart the server with --quota kinesis.shards={} if that is more than its default.\n",
      plan.shards);
  if (plan.nodes > 1) {
    text +=
        "A stream lives on one node: divide the load among streams, and these among the nodes.\n";
  }
  return text + "Disks and networks must take the writes and reads besides.\n" +
         on_demand_note(plan) + "\n";
}

std::string plan_as_json(const PlanRequest& request, const Plan& plan) {
  const nlohmann::ordered_json json = {
      {"records_per_second", request.records_per_second},
      {"record_bytes", request.record_bytes},
      {"consumers", request.consumers},
      {"retention_hours", request.retention_hours},
      {"bytes_per_second_in", plan.bytes_per_second_in},
      {"bytes_per_second_out", plan.bytes_per_second_out},
      {"bytes_per_day", plan.bytes_per_day},
      {"shards", plan.shards},
      {"shards_bound", plan.shards_bound},
      {"streams", plan.streams},
      {"disk_bytes", plan.disk_bytes},
      {"cores", plan.cores},
      {"node_cores", request.node_cores},
      {"nodes", plan.nodes},
      {"on_demand", on_demand_note(plan)},
  };
  return json.dump(2) + "\n";
}

Result<double> parse_rate(std::string_view text) {
  double rate = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), rate);
  const bool whole_text = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  if (!whole_text || !std::isfinite(rate) || rate <= 0) {
    return invalid(fmt::format("'{}' is not a number above zero, as in 1e6.", text));
  }
  return rate;
}

Result<int64_t> parse_size(std::string_view text) {
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"KiB", 1024}, {"MiB", 1024 * 1024}, {"KB", 1e3}, {"MB", 1e6}, {"B", 1}, {"", 1}};
  for (const auto& [unit, bytes] : kUnits) {
    if (!text.ends_with(unit)) continue;
    const Result<double> number = parse_rate(text.substr(0, text.size() - unit.size()));
    constexpr double kRecordBytesMax = 10 << 20;
    const double size = number ? *number * bytes : 0;
    if (size < 1 || size > kRecordBytesMax) break;
    return static_cast<int64_t>(std::llround(size));
  }
  return invalid(fmt::format("'{}' is not a size up to 10MiB, as in 65KB, 64KiB or 100.", text));
}

int run_plan_command(const PlanCommand& command) {
  const Result<double> rate = parse_rate(command.records_per_second);
  const Result<int64_t> size = parse_size(command.record_size);
  if (!rate || !size) {
    fmt::print(stderr, "millstream: {}\n", rate ? size.error().message : rate.error().message);
    return 2;
  }
  const PlanRequest request{*rate, *size, command.consumers, command.retention_hours,
                            command.node_cores};
  const Plan plan = plan_kinesis(request);
  fmt::print("{}", command.json ? plan_as_json(request, plan) : plan_in_words(request, plan));
  return 0;
}

}  // namespace millstream::server
