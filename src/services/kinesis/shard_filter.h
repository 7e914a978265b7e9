#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "aws/error.h"
#include "services/kinesis/api.gen.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {

// Shards that were open at some moment of [from_ms, to_ms].
struct ShardSelection {
  int64_t from_ms = INT64_MIN;
  int64_t to_ms = INT64_MAX;

  [[nodiscard]] bool holds(const Shard& shard) const {
    return shard.opened_ms <= to_ms && (shard.is_open() || shard.closed->at_ms >= from_ms);
  }
};

// What ListShards' filter asks of `stream`, and where it begins: `*start` is set if the filter says
// so. Fails with AWS's InvalidArgumentException when a parameter is missing or too much.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html
aws::Result<ShardSelection> select_shards(const Stream& stream, const api::ShardFilter& filter,
                                          int64_t now_ms, std::optional<std::string>* start);

}  // namespace millstream::kinesis
