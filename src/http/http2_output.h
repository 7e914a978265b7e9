#pragma once

#include <cstddef>
#include <string>

#include "http/byte_stream.h"

struct nghttp2_session;

namespace millstream::http {

// The way of an HTTP/2 connection's frames from nghttp2 to the socket. On the connection's thread.
class Http2Output {
 public:
  enum class Outcome {
    kNothingLeft,
    kWouldBlock,  // go on when the stream is writable
    kTurnOver,    // about `bytes_max` were sent; there may be more
    kClosed,      // the peer is gone
  };

  // Sends what nghttp2 has to send, up to about `bytes_max` bytes; adds what was sent to `*sent`.
  Outcome send(nghttp2_session* session, ByteStream& stream, size_t bytes_max, size_t* sent);
  // Bytes that nghttp2 gave and the socket didn't take yet.
  [[nodiscard]] bool pending() const { return sent_ < bytes_.size(); }

 private:
  void collect(nghttp2_session* session);

  std::string bytes_;
  size_t sent_ = 0;  // of bytes_
};

}  // namespace millstream::http
