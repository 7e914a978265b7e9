#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lanes/transaction.h"
#include "services/kinesis/hash_key.h"

namespace millstream::kinesis {

struct Shard {
  uint32_t index = 0;
  HashKey starting_hash_key = 0;
  HashKey ending_hash_key = 0;  // inclusive
  int64_t created_seconds = 0;

  [[nodiscard]] std::string id() const;  // "shardId-000000000007"
  void append_id(std::string* out) const;
  [[nodiscard]] std::string starting_sequence_number() const;
};

// A stream as it is described: a value, written whole at every change.
struct Stream {
  std::string account;
  std::string region;
  std::string name;
  uint64_t id = 0;        // of its records in the lanes
  std::string stream_id;  // as clients see it, "abcdefghij0123456789-abc"
  bool on_demand = false;
  int64_t created_ms = 0;
  int32_t retention_hours = 0;
  int32_t max_record_size_kib = 0;
  std::map<std::string, std::string> tags;
  std::vector<Shard> shards;  // by index

  [[nodiscard]] std::string arn() const;
  [[nodiscard]] lanes::ShardKey shard_key(const Shard& shard) const { return {id, shard.index}; }
  // The open shard whose range holds `hash`.
  [[nodiscard]] const Shard& shard_for(HashKey hash) const;
  // nullptr if there is none. Like AWS, takes "shardId-000000000007", "shardId-7" and "7".
  [[nodiscard]] const Shard* find_shard(std::string_view shard_id) const;
};

// `count` shards that divide the hash space evenly, as AWS divides it.
std::vector<Shard> even_shards(int32_t count, int64_t created_ms);

// The document in the state store (docs/formats/state/kinesis.md).
std::string stream_key(std::string_view account, std::string_view region, std::string_view name);
inline constexpr std::string_view kStreamKeyPrefix = "ks";
std::string to_document(const Stream& stream);
Result<Stream> parse_stream(std::string_view document);

}  // namespace millstream::kinesis
