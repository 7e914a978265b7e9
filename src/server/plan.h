#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millstream::server {

// `millstream plan kinesis`: what a load needs, before anything is bought or started.
struct PlanRequest {
  double records_per_second = 0;
  int64_t record_bytes = 0;
  int64_t consumers = 1;  // each reads every record
  int64_t retention_hours = 24;
  int64_t node_cores = 16;
};

struct Plan {
  double bytes_per_second_in = 0;
  double bytes_per_second_out = 0;
  int64_t shards = 0;
  std::string shards_bound;  // what asks for so many: "write bytes", "read bytes", "records"
  int64_t streams = 0;       // one, unless it would have too many shards
  double bytes_per_day = 0;
  double disk_bytes = 0;  // for the retention, with what stands around each record
  double cores = 0;       // at half of what one was measured to do
  int64_t nodes = 0;
};

// AWS's own formula: shards = max(incoming / 1 MB/s, outgoing / 2 MB/s, records / 1,000/s), each
// rounded up, with outgoing = incoming x consumers and MB = 10^6 bytes. A shard takes 1 MiB/s, so
// this is on the safe side. Pure.
Plan plan_kinesis(const PlanRequest& request);

// As a person reads it, and as one JSON object.
std::string plan_in_words(const PlanRequest& request, const Plan& plan);
std::string plan_as_json(const PlanRequest& request, const Plan& plan);

// "65KB" = 65,000 bytes, "64KiB" = 65,536, "100B" or "100" = 100; "1e6" = a million. Fail with
// kInvalidArgument, in one sentence, for anything else and for what isn't above zero.
Result<int64_t> parse_size(std::string_view text);
Result<double> parse_rate(std::string_view text);

// What was asked for on the command line, as text.
struct PlanCommand {
  std::string records_per_second;
  std::string record_size;
  int64_t consumers = 1;
  int64_t retention_hours = 24;
  int64_t node_cores = 16;
  bool json = false;
};
// Prints the plan. Returns the process's exit status: 0, or 2 after a sentence on stderr.
int run_plan_command(const PlanCommand& command);

}  // namespace millstream::server
