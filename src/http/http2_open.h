#pragma once

#include <nghttp2/nghttp2.h>

#include <string_view>

#include "http/server.h"

namespace millstream::http {

// A server's session of nghttp2 with our settings, windows and bounds, its first frames queued.
// `data` goes to the callbacks.
nghttp2_session* open_http2_session(const nghttp2_session_callbacks* callbacks, void* data,
                                    const ListenerLimits& listener, const ServerLimits& limits);

// Tells a peer that sends too many frames to calm down; what a callback returns to end its
// connection.
int end_flood(nghttp2_session* session);

// nghttp2's bytes as text.
inline std::string_view text_of(const uint8_t* bytes, size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

// Whether the frame is (a part of) the header that a request begins with.
inline bool is_request_header(const nghttp2_frame* frame) {
  return frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST;
}

}  // namespace millstream::http
