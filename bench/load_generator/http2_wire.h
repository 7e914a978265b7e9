#pragma once

#include <nghttp2/nghttp2.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wire.h"

namespace millstream::bench {

// A client's side of HTTP/2 with prior knowledge (no upgrade, no TLS). Not synchronised.
class Http2Wire final : public Wire {
 public:
  explicit Http2Wire(size_t streams);

  void start(size_t stream, const Request& request) override;
  std::string_view output() override;
  void sent(size_t bytes) override;
  bool receive(std::string_view bytes) override;
  std::optional<Completed> next() override;
  [[nodiscard]] bool ends() const override { return going_away_; }

 private:
  struct Stream {
    const Request* request = nullptr;
    size_t body_sent = 0;
    int status = 0;
    std::string body;
  };
  struct Delete {
    void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
  };

  static ssize_t read_body(nghttp2_session*, int32_t, uint8_t* buffer, size_t size, uint32_t* flags,
                           nghttp2_data_source* source, void*);
  static int on_header(nghttp2_session*, const nghttp2_frame*, const uint8_t* name,
                       size_t name_size, const uint8_t* value, size_t value_size, uint8_t,
                       void* self);
  static int on_data(nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size,
                     void* self);
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* self);
  static int on_close(nghttp2_session*, int32_t id, uint32_t error_code, void* self);
  Stream* stream_of(int32_t id);

  std::vector<Stream> streams_;
  std::deque<size_t> completed_;
  bool going_away_ = false;
  std::string_view output_;
  std::unique_ptr<nghttp2_session, Delete> session_;
};

}  // namespace millstream::bench
