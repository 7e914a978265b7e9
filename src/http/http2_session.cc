#include <fmt/format.h>
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "http/connection.h"
#include "http/http2_flood.h"
#include "http/http2_open.h"
#include "http/http2_output.h"
#include "http/http2_stream.h"
#include "http/request_parser.h"
#include "http/response_head.h"

namespace millstream::http {
namespace {

using StreamPointer = std::shared_ptr<Http2Stream>;

// What the unfinished requests of a connection may hold, if its listener has no room of its own.
constexpr size_t kBytesMax = 144u << 20;
// A body's announced length is only the peer's word: this much of it is reserved at once.
constexpr size_t kBodyReserveBytes = 1u << 20;
// One HTTP/2 connection on nghttp2. Requests run side by side, each in a coroutine of its own that
// keeps the session alive; whatever has something to send calls pump().
class Http2Session : public std::enable_shared_from_this<Http2Session> {
 public:
  explicit Http2Session(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)),
        limits_(connection_->context.limits),
        listener_(*connection_->listener),
        own_room_(listener_.own ? listener_.own : std::make_shared<Room>(SIZE_MAX, kBytesMax)),
        flood_(connection_->context.clock) {
    open();
  }
  ~Http2Session() { nghttp2_session_del(session_); }
  Http2Session(const Http2Session&) = delete;
  Http2Session& operator=(const Http2Session&) = delete;

  io::Task<void> run(std::string input) {
    connection_->set_stop_observer([this] { begin_goaway(); });
    if (connection_->stopping()) begin_goaway();
    bool alive = feed(input);
    while (alive && wants_more()) {
      input.clear();
      update_deadline();
      alive = co_await read_more(*connection_, &input);
      const size_t begun = requests_begun_;
      if (alive) alive = feed(input);
      co_await connection_->after((requests_begun_ - begun) * Connection::kRequestTurnBytes);
    }
    if (connection_->timed_out()) {
      nghttp2_session_terminate_session(session_, NGHTTP2_NO_ERROR);
      pump();
    }
    connection_->set_stop_observer(nullptr);
    closed_ = true;
    end_producers();
  }

 private:
  void open() {
    nghttp2_session_callbacks* callbacks = nullptr;
    CHECK(nghttp2_session_callbacks_new(&callbacks) == 0);
    nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, on_begin_frame);
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame_received);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_frame_sent);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_closed);
    session_ = open_http2_session(callbacks, this, listener_.limits, limits_);
    nghttp2_session_callbacks_del(callbacks);
  }

  [[nodiscard]] bool wants_more() const {
    return nghttp2_session_want_read(session_) != 0 || nghttp2_session_want_write(session_) != 0 ||
           output_.pending();
  }
  [[nodiscard]] int64_t now_us() const { return connection_->context.clock.monotonic_us(); }

  // Parses input, starts what came whole and sends what there is to send. False at the end.
  bool feed(std::string_view input) {
    last_progress_us_ = now_us();
    feeding_ = true;
    const ssize_t used = nghttp2_session_mem_recv(
        session_, reinterpret_cast<const uint8_t*>(input.data()), input.size());
    feeding_ = false;
    if (used != static_cast<ssize_t>(input.size())) {
      connection_->refused(
          fmt::format("HTTP/2 connection closed: {}", nghttp2_strerror(static_cast<int>(used))));
      pump();  // a GOAWAY that says why, if there is one
      return false;
    }
    std::vector<StreamPointer> ready;
    ready.swap(ready_);
    requests_begun_ += ready.size();
    if (!ready.empty()) connection_->set_used();
    for (StreamPointer& stream : ready) io::spawn(handle(shared_from_this(), std::move(stream)));
    return pump();
  }

  // Sends until there is nothing left, the socket is full or its turn is over. False when the peer
  // is gone. Does nothing while nghttp2 is parsing: feed() calls it afterwards.
  bool pump() {
    if (feeding_) return true;
    if (!blocked_ && !closed_) {
      size_t sent = 0;
      const Http2Output::Outcome outcome =
          output_.send(session_, connection_->stream(), Connection::kTurnBytes, &sent);
      if (sent > 0) last_progress_us_ = now_us();
      flood_.moved(sent);
      blocked_ = outcome == Http2Output::Outcome::kWouldBlock ||
                 outcome == Http2Output::Outcome::kTurnOver;
      if (blocked_) go_on_later(outcome);
      if (outcome == Http2Output::Outcome::kClosed) {
        connection_->end_reading();
        return false;
      }
    }
    if (!wants_more()) connection_->end_reading();
    return true;
  }

  void go_on_later(Http2Output::Outcome outcome) {
    Callback go_on = [self = shared_from_this()] { self->go_on_sending(); };
    if (outcome == Http2Output::Outcome::kTurnOver) {
      connection_->context.home.post(std::move(go_on));
    } else {
      connection_->stream().wait_writable(std::move(go_on));
    }
  }
  void go_on_sending() {
    blocked_ = false;
    pump();
    if (!closed_) update_deadline();
  }

  void begin_goaway() {
    end_producers();
    const int32_t last = nghttp2_session_get_last_proc_stream_id(session_);
    CHECK(nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, last, NGHTTP2_NO_ERROR, nullptr, 0) ==
          0);
    pump();
  }

  void update_deadline() {
    int64_t deadline_us = INT64_MAX;
    for (const auto& [id, stream] : streams_) {
      deadline_us = std::min(deadline_us, stream->deadline_us(limits_, last_progress_us_));
    }
    connection_->set_expendable(streams_.empty() && abandoned_ == 0);
    if (streams_.empty()) deadline_us = last_progress_us_ + limits_.idle_timeout_ms * 1000;
    connection_->set_deadline_us(deadline_us);
  }

  // ---- Requests.
  StreamPointer* find(int32_t id) {
    const auto found = streams_.find(id);
    return found == streams_.end() ? nullptr : &found->second;
  }

  bool begin_stream(int32_t id) {
    // Handlers of cancelled streams still run: they count, or cancelling would be free.
    if (streams_.size() + abandoned_ >= 2 * size_t{listener_.limits.http2_streams_max})
      return false;
    auto stream = std::make_shared<Http2Stream>(id, now_us(), listener_.room, own_room_);
    stream->request.peer_is_loopback = connection_->peer_is_loopback;
    stream->request.listener_label = listener_.label;
    streams_.emplace(id, std::move(stream));
    flood_.request_begun();
    return true;
  }

  void header_ended(Http2Stream* stream, bool body_follows) {
    if (stream->refused_status != 0) return;
    stream->finish_header();
    const auto announced = stream->announced_bytes();
    const size_t body_bytes = announced.value_or(0);
    if (body_bytes > listener_.limits.body_bytes_max) return refuse_body(stream);
    const bool long_body = announced ? body_bytes > limits_.unjudged_body_bytes_max : body_follows;
    if (long_body && !may_come(stream, body_bytes)) return;
    if (!stream->place.grow_to(stream->header_bytes)) return refuse_for_room(stream);
    reserve_body(&stream->request.body, std::min(body_bytes, kBodyReserveBytes));
    if (stream->request.headers.find("expect")) submit_continue(session_, stream->id);
  }

  // Whether the body that follows is wanted and finds room; else the stream was refused.
  bool may_come(Http2Stream* stream, size_t body_bytes) {
    if (listener_.judge) {
      if (std::optional<Response> answer =
              listener_.judge(connection_->context.home, stream->request)) {
        connection_->refused(fmt::format("HTTP {}: a body wasn't read", answer->status));
        refuse_with(stream, std::move(*answer));
        return false;
      }
    }
    if (stream->place.could_grow_to(stream->header_bytes + body_bytes)) return true;
    refuse_for_room(stream);
    return false;
  }

  void take_data(Http2Stream* stream, std::string_view bytes) {
    if (stream->refused_status != 0) return;
    std::string& body = stream->request.body;
    const size_t body_bytes = body.size() + bytes.size();
    if (body_bytes > listener_.limits.body_bytes_max) return refuse_body(stream);
    if (!stream->place.grow_to(stream->header_bytes + body_bytes)) return refuse_for_room(stream);
    reserve_body(&body, bytes.size());
    body.append(bytes);
    flood_.moved(bytes.size());
  }

  void request_ended(const StreamPointer& stream) {
    stream->complete = true;
    if (stream->refused_status != 0) return;
    reserve_body(&stream->request.body, 0);
    ready_.push_back(stream);
  }

  void refuse_body(Http2Stream* stream) {
    refuse(stream, 413,
           fmt::format("The request's body is larger than {} bytes.",
                       listener_.limits.body_bytes_max));
  }

  void refuse(Http2Stream* stream, int status, const std::string& reason) {
    connection_->refused(fmt::format("HTTP {}: {}", status, reason));
    refuse_with(stream, refusal_response(status, reason));
  }

  void refuse_for_room(Http2Stream* stream) {
    connection_->refused("There is no room for a request.");
    refuse_with(stream, connection_->overload_answer(stream->request));
  }

  void refuse_with(Http2Stream* stream, Response response) {
    stream->refused_status = response.status;
    stream->request.body = std::string();
    stream->place.leave();
    answer(stream, std::move(response));
  }

  void answer(Http2Stream* stream, Response response) {
    stream->answered = true;
    stream->response = std::move(response);
    if (stream->response.producer && stream->request.method != "HEAD") begin_producing(stream);
    const int64_t now_ms = connection_->context.clock.wall_ms();
    if (!submit_response(session_, stream, connection_->context.date.at(now_ms))) {
      connection_->refused("HTTP/2: an answer could not be queued.");
    }
  }

  // The producer counts as its request's handler until it ends.
  void begin_producing(Http2Stream* stream) {
    const StreamPointer owner = *find(stream->id);
    stream->channel = std::make_shared<BodyChannel>(
        connection_->context.home, [self = shared_from_this(), owner] { self->produced(*owner); });
    if (connection_->stopping()) stream->channel->end();
    BodyChannel::start(stream->channel, std::move(stream->response.producer));
  }

  // There is another piece, or the end.
  void produced(Http2Stream& stream) {
    if (stream.closed || closed_) {
      if (stream.closed && stream.channel->finished()) --abandoned_;
      return stream.channel->drop_piece();
    }
    // It fails when nghttp2 hasn't asked for more yet; it will.
    (void)nghttp2_session_resume_data(session_, stream.id);
    pump();
    update_deadline();
  }

  void end_producers() {
    for (const auto& [id, stream] : streams_) stream->end_producer(closed_);
  }

  static io::Task<void> handle(std::shared_ptr<Http2Session> self, StreamPointer stream) {
    Response response;
    if (stream->place.enter()) {
      io::Executor& home = self->connection_->context.home;
      response = co_await self->listener_.handler(home, stream->request);
      if (!home.is_current()) co_await io::resume_on(home);
    } else {
      self->connection_->refused("There are too many requests.");
      response = self->connection_->overload_answer(stream->request);
    }
    stream->request.body = std::string();
    if (!response.producer) stream->place.leave();
    if (stream->closed) --self->abandoned_;
    if (self->closed_ || stream->closed) co_return;
    stream->place.hold(stream->header_bytes + response.body.size());
    self->answer(stream.get(), std::move(response));
    self->pump();
    self->update_deadline();
  }

  // ---- nghttp2's side.
  static Http2Session& self_of(void* data) { return *static_cast<Http2Session*>(data); }

  int count_frame() { return flood_.take_frame() ? 0 : end_flood(session_); }
  // nghttp2 doesn't call it for DATA.
  static int on_begin_frame(nghttp2_session*, const nghttp2_frame_hd*, void* data) {
    return self_of(data).count_frame();
  }

  static int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* data) {
    if (!is_request_header(frame)) return 0;
    const bool begun = self_of(data).begin_stream(frame->hd.stream_id);
    return begun ? 0 : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name,
                       size_t name_size, const uint8_t* value, size_t value_size, uint8_t,
                       void* data) {
    Http2Session& self = self_of(data);
    StreamPointer* stream = self.find(frame->hd.stream_id);
    if (!is_request_header(frame) || !stream || (*stream)->refused_status != 0) return 0;
    const size_t bytes_max = self.limits_.header_bytes_max;
    if (!(*stream)->add_field(text_of(name, name_size), text_of(value, value_size), bytes_max)) {
      self.refuse(stream->get(), 431,
                  fmt::format("The request's header fields are larger than {} bytes.", bytes_max));
    }
    return 0;
  }

  static int on_frame_received(nghttp2_session*, const nghttp2_frame* frame, void* data) {
    Http2Session& self = self_of(data);
    StreamPointer* stream = self.find(frame->hd.stream_id);
    if (!stream) return 0;
    const bool carries_request =
        frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    const bool ends = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (is_request_header(frame)) self.header_ended(stream->get(), !ends);
    if (carries_request && ends) self.request_ended(*stream);
    return frame->hd.type == NGHTTP2_DATA ? self.count_frame() : 0;
  }

  static int on_data(nghttp2_session*, uint8_t, int32_t id, const uint8_t* bytes, size_t size,
                     void* data) {
    Http2Session& self = self_of(data);
    StreamPointer* stream = self.find(id);
    if (stream) self.take_data(stream->get(), text_of(bytes, size));
    return 0;
  }

  // A refusal is said while the request still comes: after it the stream is cut.
  static int on_frame_sent(nghttp2_session* session, const nghttp2_frame* frame, void* data) {
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return 0;
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
    StreamPointer* stream = self_of(data).find(frame->hd.stream_id);
    if (stream && (*stream)->refused_status != 0 && !(*stream)->complete) {
      return nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id,
                                       NGHTTP2_NO_ERROR);
    }
    return 0;
  }

  static int on_stream_closed(nghttp2_session*, int32_t id, uint32_t, void* data) {
    Http2Session& self = self_of(data);
    const auto found = self.streams_.find(id);
    if (found == self.streams_.end()) return 0;
    Http2Stream& stream = *found->second;
    stream.closed = true;
    if (stream.complete && !stream.answered && stream.refused_status == 0) {
      ++self.abandoned_;  // its handler runs or is about to
    }
    if (stream.end_producer(true)) ++self.abandoned_;
    self.streams_.erase(found);
    return 0;
  }

  const std::shared_ptr<Connection> connection_;
  const ServerLimits& limits_;
  const ListenerShared& listener_;
  const std::shared_ptr<Room> own_room_;  // the listener's, or of this connection alone
  nghttp2_session* session_ = nullptr;
  std::unordered_map<int32_t, StreamPointer> streams_;  // open ones
  std::vector<StreamPointer> ready_;                    // whole, not yet handed to the handler
  size_t abandoned_ = 0;                                // cancelled, but still being handled
  size_t requests_begun_ = 0;
  Http2Flood flood_;
  Http2Output output_;
  int64_t last_progress_us_ = 0;
  bool feeding_ = false;  // nghttp2 is parsing
  bool blocked_ = false;  // waiting for the socket to take more
  bool closed_ = false;
};

}  // namespace

io::Task<void> serve_http2(std::shared_ptr<Connection> connection, std::string input) {
  const auto session = std::make_shared<Http2Session>(std::move(connection));
  co_await session->run(std::move(input));
}

}  // namespace millstream::http
