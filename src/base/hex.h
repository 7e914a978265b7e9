#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millstream {

// Lower-case hexadecimal of `bytes`, two digits each.
std::string to_hex(std::string_view bytes);
void append_hex(std::string_view bytes, std::string* out);

// The bytes that `text` (either case) stands for; nothing if its length is odd or a digit is wrong.
std::optional<std::string> from_hex(std::string_view text);

}  // namespace millstream
