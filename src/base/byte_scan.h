#pragma once

#include <cstddef>
#include <string_view>

namespace millstream {

// Looks for bytes of a kind, sixteen at once where the machine can.

// Where in `text`, from `at` on, the first control byte stands (below 0x20, or 0x7f); its size if
// there is none.
[[nodiscard]] size_t find_control(std::string_view text, size_t at);

// The same for the first byte that a JSON string can't hold as it is, or that isn't ASCII: a byte
// below 0x20 or above 0x7f, a quote, a backslash.
[[nodiscard]] size_t find_json_special(std::string_view text, size_t at);

}  // namespace millstream
