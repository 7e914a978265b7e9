#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "services/logs/catalogue.h"

namespace millstream::logs {

// Behind every event: far enough for any time, with room for the arithmetic of positions.
inline constexpr int64_t kNoEndMs = std::numeric_limits<int64_t>::max() - 1;

struct VisibleRange {
  int64_t from_ms = 0;
};

// Where reading a group begins: at the request's start, but never before what the group's retention
// lets anybody see, whether the sweeper came by or not.
VisibleRange visible_range(const Group& group, int64_t now_ms, std::optional<int64_t> start_ms);

}  // namespace millstream::logs
