#include "http/http2_output.h"

#include <nghttp2/nghttp2.h>

#include <string_view>

namespace millstream::http {
namespace {

constexpr size_t kStepBytes = 64u << 10;

}  // namespace

Http2Output::Outcome Http2Output::send(nghttp2_session* session, ByteStream& stream,
                                       size_t bytes_max, size_t* sent) {
  while (*sent < bytes_max) {
    if (!pending()) collect(session);
    if (bytes_.empty()) return Outcome::kNothingLeft;
    const std::string_view rest = std::string_view(bytes_).substr(sent_);
    const ByteStream::Outcome outcome = stream.write_now({&rest, 1});
    if (outcome.status == ByteStream::Status::kClosed) return Outcome::kClosed;
    if (outcome.status == ByteStream::Status::kWouldBlock) return Outcome::kWouldBlock;
    sent_ += outcome.bytes;
    *sent += outcome.bytes;
  }
  return Outcome::kTurnOver;
}

void Http2Output::collect(nghttp2_session* session) {
  bytes_.clear();
  sent_ = 0;
  while (bytes_.size() < kStepBytes) {
    const uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session, &bytes);
    if (size <= 0) break;
    bytes_.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  }
}

}  // namespace millstream::http
