#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "lanes/record_index.h"
#include "lanes/transaction.h"

namespace millstream::kinesis {

// AWS's rates for each shard, counted in whole seconds: 1 MiB and 1,000 records written, 5 reads.
// In force with --quotas aws only. Thread-safe.
class ShardQuota {
 public:
  // Whether the shard may take another record in the second of `now_ms`; counts it if so.
  [[nodiscard]] bool try_write(lanes::ShardKey shard, size_t bytes, int64_t now_ms);
  [[nodiscard]] bool try_read(lanes::ShardKey shard, int64_t now_ms);

 private:
  struct Used {
    int64_t second = 0;
    int64_t bytes = 0;
    int64_t records = 0;
    int64_t reads = 0;
  };
  Used& used_in(lanes::ShardKey shard, int64_t now_ms);

  std::mutex mutex_;
  std::unordered_map<lanes::ShardKey, Used, lanes::ShardKeyHash> used_;  // guarded by mutex_
};

}  // namespace millstream::kinesis
