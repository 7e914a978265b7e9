#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/logs/event_reader.h"
#include "services/logs/merged_events.h"

namespace millstream::logs {

// GetLogEvents' tokens: "f/" or "b/", then 56 digits: the position that a forward page begins at,
// or that a backward page ends before.
struct StreamToken {
  Direction direction = Direction::kForward;
  EventPosition position;
};
std::string encode_stream_token(const StreamToken& token);
std::optional<StreamToken> decode_stream_token(std::string_view text);

// FilterLogEvents' tokens: the event that the last page ended with, in hexadecimal.
std::string encode_group_token(const GroupPosition& position);
std::optional<GroupPosition> decode_group_token(std::string_view text);

// An event's id in FilterLogEvents: 56 digits, unlike for any two events of a group, and the same
// each time the event is given.
std::string event_id(const GroupPosition& position);

}  // namespace millstream::logs
