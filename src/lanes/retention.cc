#include "lanes/retention.h"

#include <mutex>

namespace millstream::lanes {

void Retention::set(uint64_t stream, int64_t retention_ms) {
  const std::unique_lock lock(mutex_);
  if (complete_ && retention_ms == 0) {
    retention_ms_.erase(stream);
  } else {
    retention_ms_[stream] = retention_ms;
  }
}

void Retention::set_complete() {
  const std::unique_lock lock(mutex_);
  complete_ = true;
  std::erase_if(retention_ms_, [](const auto& entry) { return entry.second == 0; });
}

bool Retention::is_deleted(uint64_t stream) const {
  const std::shared_lock lock(mutex_);
  const auto found = retention_ms_.find(stream);
  return found == retention_ms_.end() ? complete_ : found->second == 0;
}

int64_t Retention::oldest_kept_ms(uint64_t stream, int64_t now_ms) const {
  const std::shared_lock lock(mutex_);
  const auto found = retention_ms_.find(stream);
  if (found == retention_ms_.end()) return complete_ ? INT64_MAX : INT64_MIN;
  return found->second == 0 ? INT64_MAX : now_ms - found->second + 1;
}

}  // namespace millstream::lanes
