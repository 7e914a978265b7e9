#pragma once

#include <cstddef>
#include <cstdint>

namespace millstream::logs {

// The service's limits, as its API reference gives them ("PutLogEvents", "FilterLogEvents").
inline constexpr size_t kBatchBytesMax = 1'048'576;
inline constexpr size_t kBatchEventsMax = 10'000;
inline constexpr size_t kEventOverheadBytes = 26;  // counted for every event besides its message
inline constexpr int64_t kDayMs = 86'400'000;
inline constexpr int64_t kEventAgeMaxMs = 14 * kDayMs;
inline constexpr int64_t kEventFutureMaxMs = 2 * 3'600'000;
inline constexpr int64_t kBatchSpanMaxMs = kDayMs;

// One answer of GetLogEvents or FilterLogEvents.
inline constexpr size_t kPageEventsMax = 10'000;
inline constexpr size_t kPageBytesMax = 1'048'576;
// What one FilterLogEvents request looks at before it answers with what it has and a token.
inline constexpr size_t kSearchedEventsMax = 20'000;

inline constexpr size_t kDescribeMax = 50;
inline constexpr size_t kTagsMax = 50;

}  // namespace millstream::logs
