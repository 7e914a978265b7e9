#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace millstream {

// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing past U+10FFFF.

// The length of the well-formed character that begins at `at` (1 to 4); 0 if there is none.
size_t utf8_character_size(std::string_view text, size_t at);

bool is_utf8(std::string_view text);

// U+FFFD, for a byte that isn't part of a well-formed character.
inline constexpr std::string_view kUtf8Replacement = "\xEF\xBF\xBD";
// Puts it in place of every such byte.
void make_valid_utf8(std::string* text);

}  // namespace millstream
