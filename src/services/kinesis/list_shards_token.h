#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/kinesis/shard_filter.h"

namespace millstream::kinesis {

// Where a listing of shards goes on; opaque to clients, good for five minutes.
struct ListShardsToken {
  uint64_t stream = 0;
  int64_t created_ms = 0;
  ShardSelection selection;
  std::string last_shard_id;
};

std::string to_text(const ListShardsToken& token);
std::optional<ListShardsToken> parse_list_shards_token(std::string_view text);

}  // namespace millstream::kinesis
