#include "http2_wire.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/check.h"

namespace millstream::bench {
namespace {

// Large enough for an answer of GetRecords on every stream without waiting for an update.
constexpr int32_t kWindowBytes = 256 << 20;

nghttp2_nv name_value(const std::pair<std::string, std::string>& header) {
  const auto bytes = [](const std::string& text) {
    return reinterpret_cast<uint8_t*>(const_cast<char*>(text.data()));
  };
  return {bytes(header.first), bytes(header.second), header.first.size(), header.second.size(),
          NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE};
}

}  // namespace

Http2Wire::Http2Wire(size_t streams) : streams_(streams) {
  nghttp2_session_callbacks* callbacks = nullptr;
  CHECK(nghttp2_session_callbacks_new(&callbacks) == 0);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
  nghttp2_session* session = nullptr;
  CHECK(nghttp2_session_client_new(&session, callbacks, this) == 0);
  session_.reset(session);
  nghttp2_session_callbacks_del(callbacks);
  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<uint32_t>(kWindowBytes)},
      {NGHTTP2_SETTINGS_ENABLE_PUSH, 0}};
  CHECK(nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings, 2) == 0);
  CHECK(nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, kWindowBytes) == 0);
}

void Http2Wire::start(size_t stream, const Request& request) {
  Stream& state = streams_[stream];
  state.request = &request;
  state.body_sent = 0;
  state.status = 0;
  state.body.clear();
  nghttp2_nv headers[16];
  CHECK(request.headers.size() <= std::size(headers));
  std::transform(request.headers.begin(), request.headers.end(), headers, name_value);
  nghttp2_data_provider body{.source = {.ptr = &state}, .read_callback = read_body};
  const int32_t id =
      nghttp2_submit_request(session_.get(), nullptr, headers, request.headers.size(),
                             request.body.empty() ? nullptr : &body, &state);
  CHECK(id > 0);
}

std::string_view Http2Wire::output() {
  if (output_.empty()) {
    const uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_.get(), &bytes);
    CHECK(size >= 0);
    output_ = {reinterpret_cast<const char*>(bytes), static_cast<size_t>(size)};
  }
  return output_;
}

void Http2Wire::sent(size_t bytes) {
  output_.remove_prefix(bytes);
}

bool Http2Wire::receive(std::string_view bytes) {
  const ssize_t used = nghttp2_session_mem_recv(
      session_.get(), reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  return used == static_cast<ssize_t>(bytes.size());
}

std::optional<Completed> Http2Wire::next() {
  if (completed_.empty()) return std::nullopt;
  const size_t stream = completed_.front();
  completed_.pop_front();
  return Completed{.stream = stream,
                   .answer = {.status = streams_[stream].status, .body = streams_[stream].body}};
}

Http2Wire::Stream* Http2Wire::stream_of(int32_t id) {
  return static_cast<Stream*>(nghttp2_session_get_stream_user_data(session_.get(), id));
}

ssize_t Http2Wire::read_body(nghttp2_session*, int32_t, uint8_t* buffer, size_t size,
                             uint32_t* flags, nghttp2_data_source* source, void*) {
  auto* state = static_cast<Stream*>(source->ptr);
  const std::string& body = state->request->body;
  const size_t taken = std::min(size, body.size() - state->body_sent);
  std::memcpy(buffer, body.data() + state->body_sent, taken);
  state->body_sent += taken;
  if (state->body_sent == body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(taken);
}

int Http2Wire::on_header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name,
                         size_t name_size, const uint8_t* value, size_t value_size, uint8_t,
                         void* self) {
  Stream* state = static_cast<Http2Wire*>(self)->stream_of(frame->hd.stream_id);
  const std::string_view header(reinterpret_cast<const char*>(name), name_size);
  if (state && header == ":status") {
    const auto* text = reinterpret_cast<const char*>(value);
    std::from_chars(text, text + value_size, state->status);
  }
  return 0;
}

int Http2Wire::on_data(nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size,
                       void* self) {
  Stream* state = static_cast<Http2Wire*>(self)->stream_of(id);
  if (state) state->body.append(reinterpret_cast<const char*>(data), size);
  return 0;
}

int Http2Wire::on_frame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
  if (frame->hd.type == NGHTTP2_GOAWAY) static_cast<Http2Wire*>(self)->going_away_ = true;
  return 0;
}

// A stream that was reset completes with status 0, which no workload takes for good.
int Http2Wire::on_close(nghttp2_session*, int32_t id, uint32_t error_code, void* self) {
  auto* wire = static_cast<Http2Wire*>(self);
  Stream* state = wire->stream_of(id);
  if (!state) return 0;
  if (error_code != NGHTTP2_NO_ERROR) state->status = 0;
  wire->completed_.push_back(static_cast<size_t>(state - wire->streams_.data()));
  return 0;
}

}  // namespace millstream::bench
