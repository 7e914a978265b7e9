#include "services/kinesis/quota.h"

#include <algorithm>

namespace millstream::kinesis {

ShardQuota::Used& ShardQuota::used_in(lanes::ShardKey shard, int64_t now_ms) {
  Used& used = used_[shard];
  const int64_t passed = now_ms / 1000 - used.second;
  if (passed != 0) {
    // What was more than a second's share weighs on the next ones.
    const int64_t seconds = std::max<int64_t>(passed, 0);
    const auto rest = [seconds](int64_t amount, int64_t rate) {
      return amount <= rate || seconds >= amount / rate + 1 ? 0 : amount - seconds * rate;
    };
    used = Used{.second = now_ms / 1000,
                .bytes = rest(used.bytes, write_bytes_),
                .read_bytes = rest(used.read_bytes, read_bytes_)};
  }
  return used;
}

bool ShardQuota::try_write(lanes::ShardKey shard, size_t bytes, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  Used& used = used_in(shard, now_ms);
  const bool fits = used.bytes == 0 || used.bytes + static_cast<int64_t>(bytes) <= write_bytes_;
  if (!fits || used.records >= write_records_) return false;
  used.bytes += static_cast<int64_t>(bytes);
  ++used.records;
  return true;
}

bool ShardQuota::try_read(lanes::ShardKey shard, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  Used& used = used_in(shard, now_ms);
  if (used.reads >= reads_ || used.read_bytes >= read_bytes_) return false;
  ++used.reads;
  return true;
}

void ShardQuota::count_read(lanes::ShardKey shard, size_t bytes, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  used_in(shard, now_ms).read_bytes += static_cast<int64_t>(bytes);
}

}  // namespace millstream::kinesis
