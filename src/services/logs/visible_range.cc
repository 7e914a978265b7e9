#include "services/logs/visible_range.h"

#include <algorithm>

#include "services/logs/limits.h"

namespace millstream::logs {

VisibleRange visible_range(const Group& group, int64_t now_ms, std::optional<int64_t> start_ms) {
  VisibleRange range{std::max<int64_t>(start_ms.value_or(0), 0)};
  if (group.document.retention_days) {
    range.from_ms = std::max(range.from_ms, now_ms - *group.document.retention_days * kDayMs);
  }
  return range;
}

}  // namespace millstream::logs
