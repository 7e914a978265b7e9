#include "server/top/screen.h"

#include <fmt/format.h>

#include <algorithm>

namespace millstream::server {
namespace {

// What happened between two readings, a second.
class Rates {
 public:
  Rates(const MetricsReading& before, const MetricsReading& now, double seconds)
      : before_(before), now_(now), seconds_(seconds) {}

  [[nodiscard]] double a_second(std::string_view name, const Labels& labels = {}) const {
    // A server that was restarted begins at 0 again.
    return std::max(0.0, now_.sum(name, labels) - before_.sum(name, labels)) / seconds_;
  }
  [[nodiscard]] double now(std::string_view name, const Labels& labels = {}) const {
    return now_.sum(name, labels);
  }
  [[nodiscard]] double quantile(std::string_view histogram, const Labels& labels,
                                double share) const {
    return quantile_between(before_, now_, histogram, labels, share);
  }

 private:
  const MetricsReading& before_;
  const MetricsReading& now_;
  const double seconds_;
};

// "130 us", "4.1 ms", "2.5 s"
std::string duration(double seconds) {
  if (seconds <= 0) return "-";
  if (seconds < 1e-3) return fmt::format("{:.0f} us", seconds * 1e6);
  if (seconds < 1) return fmt::format("{:.1f} ms", seconds * 1e3);
  return fmt::format("{:.1f} s", seconds);
}

std::string bytes(double count) {
  if (count < 1024) return fmt::format("{:.0f} B", count);
  if (count < 1024 * 1024) return fmt::format("{:.1f} KiB", count / 1024);
  return fmt::format("{:.1f} MiB", count / (1024 * 1024));
}

struct Operation {
  Labels labels;
  double requests_per_second;
};

std::vector<Operation> busiest(const MetricsReading& now, const Rates& rates) {
  std::vector<Operation> operations;
  for (Labels labels : now.labels_of("millstream_requests_total")) {
    if (labels["result"] != "ok") continue;  // each has four figures
    labels.erase("result");
    const double rate = rates.a_second("millstream_requests_total", labels);
    if (now.sum("millstream_requests_total", labels) > 0) operations.push_back({labels, rate});
  }
  std::stable_sort(operations.begin(), operations.end(), [](const auto& a, const auto& b) {
    return a.requests_per_second > b.requests_per_second;
  });
  return operations;
}

std::string of_operation(const Operation& operation, const Rates& rates) {
  const auto result = [&](const char* name) {
    Labels labels = operation.labels;
    labels["result"] = name;
    return rates.a_second("millstream_requests_total", labels);
  };
  const auto latency = [&](double share) {
    return duration(rates.quantile("millstream_request_seconds", operation.labels, share));
  };
  const std::string name = operation.labels.at("service") + "." + operation.labels.at("operation");
  return fmt::format("{:<40}{:>10.0f}{:>10}{:>10}{:>10.0f}{:>10.0f}{:>10.0f}", name,
                     operation.requests_per_second, latency(0.5), latency(0.99), result("refused"),
                     result("throttled"), result("failed"));
}

}  // namespace

std::vector<std::string> top_screen(const MetricsReading& before, const MetricsReading& now,
                                    double seconds) {
  const Rates rates(before, now, seconds);
  std::vector<std::string> lines;
  const Labels clients = {{"of", "clients"}};
  lines.push_back(fmt::format("requests   {:.0f}/s, {:.0f} being handled, {} of {} held",
                              rates.a_second("millstream_requests_total"),
                              rates.now("millstream_http_requests"),
                              bytes(rates.now("millstream_http_bytes", clients)),
                              bytes(rates.now("millstream_http_bytes_max", clients))));
  lines.push_back(fmt::format("clients    {:.0f} connections, {:.0f} refusals/s",
                              rates.now("millstream_http_connections", clients),
                              rates.a_second("millstream_refusals_total")));
  lines.push_back(fmt::format(
      "journal    {}/s in {:.0f} syncs/s, sync p50 {} p99 {}, {:.0f} transactions a group (p50)",
      bytes(rates.a_second("millstream_journal_written_bytes_total")),
      rates.a_second("millstream_journal_sync_seconds_count"),
      duration(rates.quantile("millstream_journal_sync_seconds", {}, 0.5)),
      duration(rates.quantile("millstream_journal_sync_seconds", {}, 0.99)),
      rates.quantile("millstream_journal_group_frames", {}, 0.5)));
  lines.push_back(fmt::format("lanes      {:.0f} transactions waiting",
                              rates.now("millstream_lane_transactions_waiting")));
  lines.push_back(
      fmt::format("functions  {:.0f} environments", rates.now("millstream_environments")));
  for (const Labels& trigger : now.labels_of("millstream_trigger_iterator_age_seconds")) {
    lines.push_back(fmt::format("trigger    {} to {}: {:.1f} s behind", trigger.at("stream"),
                                trigger.at("function"),
                                now.sum("millstream_trigger_iterator_age_seconds", trigger)));
  }
  lines.emplace_back();
  lines.push_back(fmt::format("{:<40}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}", "operation",
                              "requests/s", "p50", "p99", "refused/s", "thrott./s", "failed/s"));
  for (const Operation& operation : busiest(now, rates)) {
    lines.push_back(of_operation(operation, rates));
  }
  return lines;
}

}  // namespace millstream::server
