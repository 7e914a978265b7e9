#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "aws/error.h"

namespace millstream::aws {

// The body that came with `Content-Encoding: gzip` or `deflate` (zlib's format or the bare one).
// Fails with RequestEntityTooLargeException past `bytes_max`, with SerializationException when it
// isn't whole, and with UnsupportedMediaTypeException for another encoding. Room for simdjson's
// padding follows the result.
Result<std::string> decode_content(std::string_view encoding, std::string_view body,
                                   size_t bytes_max);

}  // namespace millstream::aws
