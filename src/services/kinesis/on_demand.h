#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "services/kinesis/reshard.h"
#include "services/kinesis/shard_load.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {

// How an on-demand stream's shards follow its load. Loads are parts of what a shard takes in a
// second, in bytes or records, whichever is more.
struct OnDemandSettings {
  double split_above = 0.5;       // a shard with more is split; AWS does it above half, too
  double merge_below = 0.25;      // two neighbours that have less together are merged
  int64_t quiet_ms = 600'000;     // after so long
  int64_t pace_ms = 1'000;        // between two looks at the load
  int64_t shards_min = 4;         // not merged below that
  int64_t shards_max = 10'000;    // not split above that
  int64_t shard_bytes = 1 << 20;  // what a shard takes in a second
  int64_t shard_records = 1'000;
};

// The shards of one stream and what they had to bear lately. Used by one thread at a time.
class StreamLoad {
 public:
  explicit StreamLoad(const OnDemandSettings& settings) : settings_(settings) {}

  // What came into each of the stream's shards (by index) within the last `passed_ms`.
  void add(const Stream& stream, const std::map<uint32_t, ShardLoad>& loads, int64_t passed_ms,
           int64_t now_ms);

  struct Plan {
    std::optional<ReshardRound> round;  // what to change; nothing if all is well
    // Shards that bear more than they should because of one hash key, which no split can divide.
    struct HotKey {
      uint32_t shard;
      HashKey hash;
      double share;  // of the shard's load
      double load;
    };
    std::vector<HotKey> hot_keys;
  };
  // Splits of hot shards, each where half of its load lies on either side; if there are none,
  // merges of neighbours that have been cold for long. `room`: how many shards may be added.
  [[nodiscard]] Plan plan(const Stream& stream, size_t room, int64_t now_ms) const;
  // Whether there is something to watch: load, or more shards than the fewest.
  [[nodiscard]] bool is_idle(const Stream& stream, int64_t now_ms) const;

 private:
  static constexpr size_t kLooks = 3;  // whose average counts
  struct History {
    std::deque<double> loads;      // of the last looks
    std::vector<HashKey> samples;  // of the last look with load
    int64_t busy_ms = 0;           // when it had more than half of merge_below last
  };
  struct Cut {
    HashKey second_start;
    double larger_share;
  };

  [[nodiscard]] double average(uint32_t shard) const;
  // Warm throughput keeps a shard for each MiB/s.
  [[nodiscard]] int64_t fewest_shards(const Stream& stream) const;
  [[nodiscard]] std::optional<Cut> best_cut(const Shard& shard) const;
  [[nodiscard]] Plan::HotKey hottest_key(const Shard& shard) const;
  [[nodiscard]] bool is_quiet(const Shard& shard, int64_t now_ms) const;
  void plan_splits(const Stream& stream, size_t room, Plan* plan) const;
  void plan_merges(const Stream& stream, int64_t now_ms, Plan* plan) const;

  const OnDemandSettings settings_;
  std::map<uint32_t, History> shards_;
  int64_t began_ms_ = 0;  // of the watching; 0: not yet
};

}  // namespace millstream::kinesis
