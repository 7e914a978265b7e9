#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "services/kinesis/stream.h"
#include "sim/model/resource.h"
#include "sim/model/shard_model.h"

namespace millstream::sim {

// A stream: what may be seen in each of its shards.
struct StreamModel : Resource {
  StreamModel(Findings& findings, std::string stream_name, int32_t shard_count);

  std::vector<kinesis::Shard> ranges;
  std::deque<ShardModel> shards;

  [[nodiscard]] uint32_t shard_of(const std::string& partition_key) const;
  void process_died();
  // All records of a request in a lane are there, or none is. After walks from every horizon.
  void check_whole_requests(Findings& findings, int64_t wall_ms_highest) const;
};

}  // namespace millstream::sim
