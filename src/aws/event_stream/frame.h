#pragma once

#include <span>
#include <string>
#include <string_view>

namespace millstream::aws {

// A header of a message; its value is a string, the only type that AWS's services send in event
// streams.
struct EventHeader {
  std::string_view name;   // up to 255 bytes
  std::string_view value;  // up to 32,767
};

// Appends a message of application/vnd.amazon.eventstream. All numbers are big-endian:
//
//   4 bytes  length of the whole message
//   4        length of the headers
//   4        CRC-32 of the eight bytes before
//   ...      headers: length of the name (1), name, type 7 (1), length of the value (2), value
//   ...      payload
//   4        CRC-32 of all that is before
void append_event_frame(std::span<const EventHeader> headers, std::string_view payload,
                        std::string* out);

}  // namespace millstream::aws
