#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "lanes/transaction.h"
#include "services/kinesis/hash_key.h"

namespace millstream::kinesis {

// What producers wanted to put into one shard within a while, refused records included.
struct ShardLoad {
  // A hash key for each so much of the load, in the order of the puts: where the load lies.
  static constexpr size_t kSamplesMax = 256;

  int64_t bytes = 0;
  int64_t records = 0;
  std::vector<HashKey> samples;

  // Adds a record; `weight` is its part of what a shard is for.
  void add(HashKey hash, size_t record_bytes, double weight);

 private:
  double until_next_ = 0;  // weight until the next sample
  double step_ = 1e-6;     // weight between samples; doubled whenever there are too many
};

// Counts the load of on-demand streams' shards at the source. Thread-safe; a record costs a short
// critical section that it shares with a few shards only.
class LoadMeter {
 public:
  // `bytes_max`, `records_max`: what a shard takes in a second.
  LoadMeter(int64_t bytes_max, int64_t records_max)
      : bytes_max_(static_cast<double>(bytes_max)),
        records_max_(static_cast<double>(records_max)) {}

  void note(lanes::ShardKey shard, HashKey hash, size_t bytes);
  // What came since the last call.
  [[nodiscard]] std::map<lanes::ShardKey, ShardLoad> take();

 private:
  static constexpr size_t kParts = 16;
  struct Part {
    std::mutex mutex;
    std::map<lanes::ShardKey, ShardLoad> loads;  // guarded by mutex
  };

  const double bytes_max_;
  const double records_max_;
  std::array<Part, kParts> parts_;
};

}  // namespace millstream::kinesis
