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
#include "services/kinesis/stream_settings.h"
#include "services/kinesis/transition.h"

namespace millstream::kinesis {

struct Shard {
  uint32_t index = 0;
  HashKey starting_hash_key = 0;
  HashKey ending_hash_key = 0;              // inclusive
  int64_t created_seconds = 0;              // in its sequence numbers; above that of its parents
  int64_t opened_ms = 0;                    // when it began to take records
  std::optional<uint32_t> parent;           // it was split from, or merged with the next
  std::optional<uint32_t> adjacent_parent;  // it was merged from too

  // Takes no records any more; those that it has are read up to its end.
  struct Closed {
    int64_t at_ms = 0;
    uint64_t end_sequence = 0;  // one more than its last record's
  };
  std::optional<Closed> closed;

  [[nodiscard]] bool is_open() const { return !closed; }
  [[nodiscard]] std::string id() const;
  [[nodiscard]] std::string starting_sequence_number() const;
  [[nodiscard]] std::string ending_sequence_number() const;  // of a closed one
};

// "shardId-000000000007"
std::string shard_id_text(uint32_t index);
void append_shard_id(uint32_t index, std::string* out);

// A step of changing a stream's shards, under way: the parents are closed and the children opened
// in one moment.
struct ReshardRound {
  std::vector<uint32_t> parents;
  std::vector<Shard> children;
};

// A change of a stream's shards that isn't finished.
struct Resharding {
  std::optional<int32_t> target_count;  // of open shards of equal size, by further rounds
  bool by_load = false;                 // nobody asked for it: the stream stays ACTIVE
  int64_t started_ms = 0;
  ReshardRound round;
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
  std::vector<Shard> shards;          // by index, some of which may be gone; see set_shards
  std::vector<uint32_t> open_shards;  // places in `shards`, by hash key; they cover all keys
  std::optional<Resharding> resharding;
  std::vector<int64_t> shard_count_updates_ms;  // UpdateShardCount's, of the last 24 hours
  StreamSettings settings;
  std::optional<Transition> transition;

  [[nodiscard]] std::string arn() const;
  [[nodiscard]] std::string key() const;  // of its document
  [[nodiscard]] std::string_view status(int64_t now_ms) const {
    const bool asked_for = resharding && !resharding->by_load;
    return asked_for ? std::string_view("UPDATING") : status_of(transition, now_ms);
  }
  [[nodiscard]] lanes::ShardKey shard_key(const Shard& shard) const { return {id, shard.index}; }
  // The open shard whose range holds `hash`.
  [[nodiscard]] const Shard& shard_for(HashKey hash) const;
  // nullptr if there is none.
  [[nodiscard]] const Shard* shard_at(uint32_t index) const;
  // Whether all records of a closed shard are past the retention: it is shown no more.
  [[nodiscard]] bool is_expired(const Shard& shard, int64_t now_ms) const;
  // nullptr if there is none, or no more. Like AWS, takes "shardId-000000000007", "shardId-7" and
  // "7".
  [[nodiscard]] const Shard* find_shard(std::string_view shard_id, int64_t now_ms) const;
  // The index that the next shard gets.
  [[nodiscard]] uint32_t next_shard_index() const { return shards.back().index + 1; }

  // Takes shards, by index, whose open ones cover all keys. False, and nothing, if they don't.
  [[nodiscard]] bool set_shards(std::vector<Shard> by_index);
};

// The first hash key of part `part` when the hash space is divided evenly by `count`, as AWS does.
HashKey even_start(int32_t count, int32_t part);
// `count` shards that divide the hash space evenly.
std::vector<Shard> even_shards(int32_t count, int64_t created_ms);

// The document in the state store (docs/formats/state/kinesis.md).
std::string stream_key(std::string_view account, std::string_view region, std::string_view name);
inline constexpr std::string_view kStreamKeyPrefix = "ks";
std::string to_document(const Stream& stream);
Result<Stream> parse_stream(std::string_view document);

}  // namespace millstream::kinesis
