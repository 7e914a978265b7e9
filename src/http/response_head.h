#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/message.h"
#include "http/server.h"

namespace millstream::http {

// How the peer of a produced body learns where it ends.
enum class Length : uint8_t { kInChunks, kToTheEnd };

// Appends the status line and header of an HTTP/1.1 response, the empty line included.
void append_response_head(const Response& response, bool keep_alive, std::string_view date,
                          std::string* out, Length length = Length::kInChunks);

// The reason phrase of a status: "Not Found".
std::string_view status_phrase(int status);

// False for a status whose responses have neither body nor content-length.
bool status_has_body(int status);

// What a request gets that never reached a handler: {"message": reason}.
Response refusal_response(int status, std::string_view reason);

// When a body that started at `started_us` and of which `bytes` have come must be whole.
int64_t body_deadline_us(const ServerLimits& limits, int64_t started_us, size_t bytes);

}  // namespace millstream::http
