#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace millstream {

// Standard base64 with padding (RFC 4648, section 4).
[[nodiscard]] constexpr size_t base64_encoded_size(size_t bytes) {
  return (bytes + 2) / 3 * 4;
}
// An upper bound: padding may make the result up to two bytes shorter.
[[nodiscard]] constexpr size_t base64_decoded_size_max(size_t text) {
  return text / 4 * 3;
}

std::string base64_encode(std::string_view bytes);
// Appends the text of `bytes` to `out`.
void base64_append(std::string_view bytes, std::string* out);

// Decodes into `out`, which has room for base64_decoded_size_max(text.size()) bytes and may be
// where `text` is. Returns the number of bytes, or nothing when `text` isn't whole, padded,
// standard base64; `out` is then partly written.
std::optional<size_t> base64_decode_into(std::string_view text, char* out);
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace millstream
