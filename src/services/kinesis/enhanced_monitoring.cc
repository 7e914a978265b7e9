#include "services/kinesis/enhanced_monitoring.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace millstream::kinesis {
namespace {

constexpr std::string_view kMetrics[] = {
    "IncomingBytes",
    "IncomingRecords",
    "OutgoingBytes",
    "OutgoingRecords",
    "WriteProvisionedThroughputExceeded",
    "ReadProvisionedThroughputExceeded",
    "IteratorAgeMilliseconds",
};

}  // namespace

std::vector<std::string> named_metrics(const std::vector<std::string>& wanted) {
  const auto is_wanted = [&](std::string_view metric) {
    return std::find(wanted.begin(), wanted.end(), metric) != wanted.end();
  };
  std::vector<std::string> named;
  for (const std::string_view metric : kMetrics) {
    if (is_wanted("ALL") || is_wanted(metric)) named.emplace_back(metric);
  }
  return named;
}

api::EnhancedMonitoringOutput monitoring_output(const Stream& stream,
                                                std::vector<std::string> before,
                                                std::vector<std::string> now) {
  api::EnhancedMonitoringOutput output;
  output.stream_name = stream.name;
  output.stream_arn = stream.arn();
  output.current_shard_level_metrics = std::move(before);
  output.desired_shard_level_metrics = std::move(now);
  return output;
}

}  // namespace millstream::kinesis
