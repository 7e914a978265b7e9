#pragma once

#include <cstddef>
#include <string_view>

namespace millstream {

// The middle of a long base64 conversion, 32 characters a step (W. Muła, D. Lemire: Faster Base64
// Encoding and Decoding Using AVX2 Instructions, 2018). Both do a part from the front, none on a
// machine without AVX2, and leave the rest to the caller.

// Encodes whole groups of three of `bytes` to `out`, which has room for base64_encoded_size(size)
// characters. Returns how many bytes it took, a multiple of three.
size_t base64_encode_front(std::string_view bytes, char* out);

// Decodes whole groups of four of `text`, but never the last, up to the first character that isn't
// of the alphabet. `out` has room for base64_decoded_size_max(size) bytes, and may be where `text`
// is. Returns how many characters it took, a multiple of four.
size_t base64_decode_front(std::string_view text, char* out);

}  // namespace millstream
