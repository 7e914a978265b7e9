#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "lanes/record_index.h"
#include "lanes/transaction.h"
#include "services/kinesis/quotas.h"

namespace millstream::kinesis {

// The rates of each shard, counted in whole seconds: bytes and records written and read, and reads.
// In force with --quotas aws only. Thread-safe.
class ShardQuota {
 public:
  explicit ShardQuota(const Quotas& quotas)
      : write_bytes_(quotas[Quota::kShardWriteBytes]),
        write_records_(quotas[Quota::kShardWriteRecords]),
        read_bytes_(quotas[Quota::kShardReadBytes]),
        reads_(quotas[Quota::kShardReads]) {}

  // Whether the shard may take another record in the second of `now_ms`; counts it if so. A record
  // larger than a second's share is let through when it is the second's first, and uses up the
  // seconds that it would have taken: on average a shard takes no more than its rate.
  [[nodiscard]] bool try_write(lanes::ShardKey shard, size_t bytes, int64_t now_ms);
  // Whether the shard may be read in the second of `now_ms`; counts the call if so.
  [[nodiscard]] bool try_read(lanes::ShardKey shard, int64_t now_ms);
  // What the read gave. More than a second's share uses up the following seconds: after 10 MiB, no
  // read is let through for 5 s.
  void count_read(lanes::ShardKey shard, size_t bytes, int64_t now_ms);

 private:
  struct Used {
    int64_t second = 0;
    int64_t bytes = 0;
    int64_t records = 0;
    int64_t reads = 0;
    int64_t read_bytes = 0;
  };
  Used& used_in(lanes::ShardKey shard, int64_t now_ms);

  const int64_t write_bytes_;
  const int64_t write_records_;
  const int64_t read_bytes_;
  const int64_t reads_;
  std::mutex mutex_;
  std::unordered_map<lanes::ShardKey, Used, lanes::ShardKeyHash> used_;  // guarded by mutex_
};

}  // namespace millstream::kinesis
