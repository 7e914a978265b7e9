#include "services/kinesis/quota.h"

#include "services/kinesis/limits.h"

namespace millstream::kinesis {

ShardQuota::Used& ShardQuota::used_in(lanes::ShardKey shard, int64_t now_ms) {
  Used& used = used_[shard];
  if (used.second != now_ms / 1000) used = Used{.second = now_ms / 1000};
  return used;
}

bool ShardQuota::try_write(lanes::ShardKey shard, size_t bytes, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  Used& used = used_in(shard, now_ms);
  // A record larger than a second's share is let through when it is the second's first.
  const bool fits =
      used.bytes == 0 || used.bytes + static_cast<int64_t>(bytes) <= kShardWriteBytesPerSecond;
  if (!fits || used.records >= kShardWriteRecordsPerSecond) return false;
  used.bytes += static_cast<int64_t>(bytes);
  ++used.records;
  return true;
}

bool ShardQuota::try_read(lanes::ShardKey shard, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  Used& used = used_in(shard, now_ms);
  if (used.reads >= kShardReadsPerSecond) return false;
  ++used.reads;
  return true;
}

}  // namespace millstream::kinesis
