#include "report.h"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

namespace millstream::bench {
namespace {

using Json = nlohmann::ordered_json;

Json latencies(const Histogram& histogram) {
  return {{"p50", histogram.percentile(0.5)},
          {"p90", histogram.percentile(0.9)},
          {"p99", histogram.percentile(0.99)},
          {"p999", histogram.percentile(0.999)},
          {"max", histogram.max()},
          {"mean", std::round(histogram.mean())},
          {"count", histogram.count()}};
}

std::string_view protocol_name(Protocol protocol) {
  switch (protocol) {
    case Protocol::kHttp1:
      return "http1";
    case Protocol::kHttp2:
      return "http2";
    case Protocol::kResp:
      return "resp";
  }
  return "";
}

uint64_t bad(const Measurement& measurement) {
  uint64_t sum = measurement.unanswered;
  for (const auto& [what, count] : measurement.errors) sum += count;
  return sum;
}

}  // namespace

std::string to_json(const std::string& workload, const Target& target, const Load& load,
                    const Measurement& measurement) {
  const auto per_second = [&](uint64_t count) {
    return std::round(static_cast<double>(count) / measurement.seconds * 10) / 10;
  };
  const Json json = {{"workload", workload},
                     {"protocol", protocol_name(target.protocol)},
                     {"connections", target.connections},
                     {"streams", target.streams},
                     {"rate", load.plan.rate},
                     {"seconds", measurement.seconds},
                     {"requests_per_second", per_second(measurement.counts.good)},
                     {"units_per_second", per_second(measurement.counts.units)},
                     {"body_bytes_per_second", per_second(measurement.counts.body_bytes)},
                     {"latency_us", latencies(measurement.latency_us)},
                     {"good", measurement.counts.good},
                     {"units", measurement.counts.units},
                     {"bad", bad(measurement)},
                     {"errors", measurement.errors},
                     {"unanswered", measurement.unanswered},
                     {"reconnects", measurement.reconnects},
                     {"first_bad", measurement.first_bad},
                     {"client_cpu_share", measurement.client_cpu_seconds / measurement.seconds}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool write_trace(const std::string& path, const std::vector<TraceEntry>& trace) {
  std::ofstream file(path);
  for (const TraceEntry& entry : trace) {
    file << entry.number << ' ' << entry.intended_us << ' ' << entry.answered_us << '\n';
  }
  file.close();
  return !file.fail();
}

}  // namespace millstream::bench
