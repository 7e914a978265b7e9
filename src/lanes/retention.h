#pragma once

#include <cstdint>
#include <shared_mutex>
#include <unordered_map>

namespace millstream::lanes {

// How long the records of each stream are kept. A stream that nobody told of is one whose records
// are kept until all were told of; from then on it is one that was deleted. Thread-safe.
class Retention {
 public:
  // 0: the stream is deleted.
  void set(uint64_t stream, int64_t retention_ms);
  void set_complete();

  [[nodiscard]] bool is_deleted(uint64_t stream) const;
  // Records of the stream that arrived before this are readable no more.
  [[nodiscard]] int64_t oldest_kept_ms(uint64_t stream, int64_t now_ms) const;
  [[nodiscard]] bool is_kept(uint64_t stream, int64_t arrival_ms, int64_t now_ms) const {
    return arrival_ms >= oldest_kept_ms(stream, now_ms);
  }

 private:
  mutable std::shared_mutex mutex_;
  // All below is guarded by mutex_.
  std::unordered_map<uint64_t, int64_t> retention_ms_;
  bool complete_ = false;
};

}  // namespace millstream::lanes
