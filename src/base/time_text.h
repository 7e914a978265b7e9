#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millstream {

// "2026-11-22T10:15:30Z", or with milliseconds "2026-11-22T10:15:30.123Z" (RFC 3339, UTC).
std::string iso8601_seconds(int64_t wall_ms);
std::string iso8601_ms(int64_t wall_ms);
// "20261122T101530Z", as Signature Version 4 writes it.
std::string iso8601_basic(int64_t wall_ms);

// Reads any of the three forms; fraction digits past the third are dropped.
std::optional<int64_t> parse_iso8601_ms(std::string_view text);

}  // namespace millstream
