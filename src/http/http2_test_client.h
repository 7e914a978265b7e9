#pragma once

#include <nghttp2/nghttp2.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "http/server.h"
#include "http/test_client.h"

namespace millstream::http::testing {

// A small HTTP/2 client on nghttp2 over a blocking socket.
class Http2Client {
 public:
  struct Answer {
    std::string status;
    std::map<std::string, std::string> headers;
    std::string body;
    bool ended = false;
    uint32_t error = 0;
  };

  // Without `grants_windows` the server may send what the first windows allow, and no more.
  explicit Http2Client(const Address& address, bool grants_windows = true) : socket_(address) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_option* option = nullptr;
    nghttp2_option_new(&option);
    nghttp2_option_set_no_auto_window_update(option, grants_windows ? 0 : 1);
    nghttp2_session_client_new2(&session_, callbacks, this, option);
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, nullptr, 0);
  }
  ~Http2Client() { nghttp2_session_del(session_); }
  Http2Client(const Http2Client&) = delete;

  int32_t submit(const std::string& method, const std::string& path, const std::string& body = "",
                 const std::string& extra = "") {
    const std::vector<std::pair<std::string, std::string>> fields = {{":method", method},
                                                                     {":scheme", "http"},
                                                                     {":path", path},
                                                                     {":authority", "millstream:1"},
                                                                     {"x-extra", extra}};
    std::vector<nghttp2_nv> pairs;
    for (const auto& [name, value] : fields) {
      pairs.push_back({bytes(name), bytes(value), name.size(), value.size(), 0});
    }
    nghttp2_data_provider provider = {};
    auto* source = new Source{body, 0};
    sources_.emplace_back(source);
    provider.source.ptr = source;
    provider.read_callback = read_body;
    return nghttp2_submit_request(session_, nullptr, pairs.data(), pairs.size(),
                                  body.empty() ? nullptr : &provider, nullptr);
  }

  void cancel(int32_t id) { nghttp2_submit_rst_stream(session_, 0, id, NGHTTP2_CANCEL); }

  bool flush() {
    const uint8_t* out = nullptr;
    ssize_t size = 0;
    while ((size = nghttp2_session_mem_send(session_, &out)) > 0) {
      if (!socket_.send({reinterpret_cast<const char*>(out), static_cast<size_t>(size)})) {
        return false;
      }
    }
    return true;
  }

  // Runs until the stream ended or the connection did.
  Answer& wait(int32_t id) {
    while (!answers[id].ended && step()) {
    }
    return answers[id];
  }
  bool step() {
    flush();
    std::string input;
    if (!socket_.receive(&input)) return false;
    nghttp2_session_mem_recv(session_, reinterpret_cast<const uint8_t*>(input.data()),
                             input.size());
    flush();
    return true;
  }

  std::map<int32_t, Answer> answers;
  int interim_answers = 0;
  bool goaway = false;
  uint32_t goaway_error = 0;

 private:
  struct Source {
    std::string body;
    size_t sent;
  };
  static uint8_t* bytes(const std::string& text) {
    return reinterpret_cast<uint8_t*>(const_cast<char*>(text.data()));
  }
  static ssize_t read_body(nghttp2_session*, int32_t, uint8_t* into, size_t size, uint32_t* flags,
                           nghttp2_data_source* from, void*) {
    auto* source = static_cast<Source*>(from->ptr);
    const size_t count = source->body.copy(reinterpret_cast<char*>(into), size, source->sent);
    source->sent += count;
    if (source->sent == source->body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(count);
  }
  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name,
                       size_t name_size, const uint8_t* value, size_t value_size, uint8_t,
                       void* data) {
    Answer& answer = static_cast<Http2Client*>(data)->answers[frame->hd.stream_id];
    const std::string key(reinterpret_cast<const char*>(name), name_size);
    const std::string text(reinterpret_cast<const char*>(value), value_size);
    if (key == ":status") answer.status = text;
    answer.headers[key] = text;
    return 0;
  }
  static int on_data(nghttp2_session*, uint8_t, int32_t id, const uint8_t* at, size_t size,
                     void* data) {
    static_cast<Http2Client*>(data)->answers[id].body.append(reinterpret_cast<const char*>(at),
                                                             size);
    return 0;
  }
  static int on_close(nghttp2_session*, int32_t id, uint32_t error, void* data) {
    Answer& answer = static_cast<Http2Client*>(data)->answers[id];
    answer.ended = true;
    answer.error = error;
    return 0;
  }
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* data) {
    if (frame->hd.type != NGHTTP2_GOAWAY) return 0;
    static_cast<Http2Client*>(data)->goaway = true;
    static_cast<Http2Client*>(data)->goaway_error = frame->goaway.error_code;
    return 0;
  }

  RawClient socket_;
  nghttp2_session* session_ = nullptr;
  std::vector<std::unique_ptr<Source>> sources_;
};

}  // namespace millstream::http::testing
