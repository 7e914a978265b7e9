#pragma once

#include <nghttp2/nghttp2.h>

#include "http/server.h"

namespace millstream::http {

// A server's session of nghttp2 with our settings, windows and bounds, its first frames queued.
// `data` goes to the callbacks.
nghttp2_session* open_http2_session(const nghttp2_session_callbacks* callbacks, void* data,
                                    const ListenerLimits& listener, const ServerLimits& limits);

}  // namespace millstream::http
