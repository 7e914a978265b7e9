#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/body_channel.h"
#include "http/message.h"
#include "http/room.h"
#include "http/server.h"

struct nghttp2_session;

namespace millstream::http {

// One request and its answer on an HTTP/2 connection. On the connection's thread; kept alive by the
// session while the stream is open and by the handler's coroutine.
struct Http2Stream {
  Http2Stream(int32_t id, int64_t started_us, const std::shared_ptr<Room>& room,
              const std::shared_ptr<Room>& own)
      : id(id), started_us(started_us), place(room, own) {
    request.version_major = 2;
  }

  const int32_t id;
  const int64_t started_us;
  Place place;  // holds header, body and answer
  Request request;
  std::string authority;
  size_t header_bytes = 0;
  bool complete = false;   // the request has come whole
  int refused_status = 0;  // answered before it came whole; what still comes is dropped
  bool closed = false;
  bool answered = false;
  Response response;
  size_t body_sent = 0;
  std::shared_ptr<BodyChannel> channel;  // of a body that is made while it is sent

  // When it must have got on: an unfinished request by its length, what the peer is to take from
  // the last progress of its connection; never while a handler or a producer is at work.
  [[nodiscard]] int64_t deadline_us(const ServerLimits& limits, int64_t last_progress_us) const;
  // Lets its body's producer, if it has one, come to its end; drops what can't be sent any more if
  // the stream or the connection is closed. True if the producer is still at work.
  bool end_producer(bool is_closed);

  // Takes one header field; false once they are larger than `bytes_max` together.
  bool add_field(std::string_view name, std::string_view value, size_t bytes_max);
  // At the end of the header: gives the request its Host.
  void finish_header();
  // The content-length that was announced.
  [[nodiscard]] std::optional<size_t> announced_bytes() const;
};

// Hands stream.response to nghttp2, which sends it as windows allow; `stream` stays where it is
// until then. False if the stream can't be answered any more.
bool submit_response(nghttp2_session* session, Http2Stream* stream, std::string_view date);
// The interim answer to `expect: 100-continue`.
void submit_continue(nghttp2_session* session, int32_t stream_id);

}  // namespace millstream::http
