#pragma once

#include <string>
#include <string_view>

namespace millstream {

// Appends `text` as a JSON string with its quotes. The text is UTF-8; bytes that aren't are
// replaced by U+FFFD, so that what is written is JSON whatever was stored.
void append_json_string(std::string_view text, std::string* out);
// The same as a string of its own.
std::string json_string(std::string_view text);

}  // namespace millstream
