#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lanes/transaction.h"

namespace millstream::kinesis {

// A place in a shard, as GetShardIterator hands it out: opaque to clients, at most 512 characters.
struct ShardIterator {
  lanes::ShardKey shard;
  uint64_t sequence = 0;  // the next record to give has this sequence or a later one
  int64_t created_ms = 0;

  auto operator<=>(const ShardIterator&) const = default;
};

std::string to_text(const ShardIterator& iterator);
// Nothing for text that no server of this version handed out.
std::optional<ShardIterator> parse_shard_iterator(std::string_view text);

}  // namespace millstream::kinesis
