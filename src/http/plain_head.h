#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "http/message.h"

namespace millstream::http {

// What the header of a usual HTTP/1.1 request says beside its fields.
struct PlainHead {
  size_t bytes = 0;  // of the whole, with the empty line at its end
  uint64_t content_length = 0;
  bool keep_alive = true;
};

// Reads the header that `input` begins with into method, target and headers of `request`. Nothing,
// and nothing changed, unless it is there whole and of the usual form: a method in capital letters,
// a path, HTTP/1.1, one Host, at most one Content-Length, no Transfer-Encoding, no Expect, a
// Connection of "keep-alive" or "close", values without control bytes, not more than some dozen
// fields. The general parser says what everything else is, and agrees on what is read here.
std::optional<PlainHead> read_plain_head(std::string_view input, Request* request);

}  // namespace millstream::http
