#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/model/descriptor.h"
#include "aws/model/types.h"

// The texts of simple values where a protocol writes text: headers, query strings, XML, forms.
namespace millstream::aws::model {

// Seconds with up to three fraction digits: "1700000000.123".
void append_seconds(Timestamp timestamp, std::string* out);
// The shortest text that reads back as the same double; "NaN", "Infinity", "-Infinity".
void append_double(double value, std::string* out);
// "Sun, 22 Nov 2026 10:15:30 GMT".
std::string rfc822(Timestamp timestamp);
std::optional<Timestamp> parse_rfc822(std::string_view text);

// A timestamp in the member's, else the type's, else the protocol's format.
void append_timestamp(Timestamp timestamp, TimestampFormat format, std::string* out);
TimestampFormat timestamp_format(TimestampFormat member, const Type& type,
                                 TimestampFormat fallback);

// A simple value's text (blobs as base64), for `kind` of anything but lists, maps and structures.
void append_text(const Type& type, const void* value, TimestampFormat format, std::string* out);
// Reads such a text; false if it isn't one of the type. Whole numbers past their range are refused.
bool parse_text(const Type& type, std::string_view text, void* value);

}  // namespace millstream::aws::model
