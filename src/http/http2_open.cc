#include "http/http2_open.h"

#include <iterator>

#include "base/check.h"

namespace millstream::http {
namespace {

constexpr uint32_t kStreamWindowBytes = 1 << 20;
constexpr int32_t kConnectionWindowBytes = 16 << 20;
// A peer may cancel streams in bursts of this size and then at this rate; a faster one wants to
// wear the server out (CVE-2023-44487).
constexpr uint64_t kResetBurst = 1000;
constexpr uint64_t kResetsPerSecond = 33;
// CONTINUATION frames in one header block (CVE-2024-28182).
constexpr size_t kContinuationsMax = 8;

}  // namespace

nghttp2_session* open_http2_session(const nghttp2_session_callbacks* callbacks, void* data,
                                    const ListenerLimits& listener, const ServerLimits& limits) {
  nghttp2_session* session = nullptr;
  nghttp2_option* option = nullptr;
  CHECK(nghttp2_option_new(&option) == 0);
  nghttp2_option_set_stream_reset_rate_limit(option, kResetBurst, kResetsPerSecond);
  nghttp2_option_set_max_continuations(option, kContinuationsMax);
  CHECK(nghttp2_session_server_new2(&session, callbacks, data, option) == 0);
  nghttp2_option_del(option);

  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, listener.http2_streams_max},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindowBytes},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<uint32_t>(limits.header_bytes_max)}};
  CHECK(nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings, std::size(settings)) == 0);
  CHECK(nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0,
                                              kConnectionWindowBytes) == 0);
  return session;
}

int end_flood(nghttp2_session* session) {
  const int ended = nghttp2_session_terminate_session(session, NGHTTP2_ENHANCE_YOUR_CALM);
  return ended == 0 ? NGHTTP2_ERR_CALLBACK_FAILURE : ended;
}

}  // namespace millstream::http
