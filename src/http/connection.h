#pragma once

#include <array>
#include <atomic>
#include <coroutine>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/byte_stream.h"
#include "http/date.h"
#include "http/idle_connections.h"
#include "http/room.h"
#include "http/server.h"
#include "http/tls_stream.h"
#include "io/executor.h"
#include "io/task.h"

namespace millstream::http {

// A listener's side of its connections. Constant after it is made, but for the rooms.
struct ListenerShared {
  uint64_t id = 0;
  Handler handler;
  std::string label;
  Judge judge;
  OverloadAnswer overload_answer;
  ListenerLimits limits;
  std::shared_ptr<const TlsContext> tls;  // nullptr: it takes cleartext only
  bool confined = false;                  // it has limits of its own
  std::shared_ptr<Room> room;             // shared with the other listeners of its kind
  std::shared_ptr<Room> own;              // of a confined one
};

// What a connection gets from its server.
struct ConnectionContext {
  io::Executor& home;
  const Clock& clock;
  const ServerLimits& limits;
  const RefusalLog& refusal_log;
  DateCache& date;
  std::span<char> scratch;  // the reactor's, to read into; its bytes are taken at once
  IdleConnections& idle;    // the reactor's
};

// One accepted connection: its bytes, its deadline and its way to end. All on its reactor's thread.
// Whatever stands in a wait when the deadline passes or the server stops is woken and asks why.
class Connection : public IdleHook {
 public:
  Connection(ConnectionContext context, std::unique_ptr<ByteStream> stream,
             std::shared_ptr<const ListenerShared> listener, bool peer_is_loopback)
      : context(context),
        listener(std::move(listener)),
        peer_is_loopback(peer_is_loopback),
        stream_(std::move(stream)) {}

  const ConnectionContext context;
  const std::shared_ptr<const ListenerShared> listener;
  const bool peer_is_loopback;

  [[nodiscard]] ByteStream& stream() { return *stream_; }
  // Puts TLS over the stream, of which `first_bytes` were read already. While nobody waits on it.
  TlsStream& put_tls_over(std::shared_ptr<const TlsContext> tls, std::string first_bytes);

  // ---- For sessions.
  // Serves requests until the peer, the deadline or the server ends it.
  [[nodiscard]] bool stopping() const { return stopping_; }
  [[nodiscard]] bool timed_out() const { return timed_out_; }
  // A wait for more input has no sense any more.
  [[nodiscard]] bool done_reading() const {
    return timed_out_ || reading_ended_ || (stopping_ && idle_);
  }
  // Wakes whoever waits for input: none is wanted any more.
  void end_reading() {
    reading_ended_ = true;
    stream_->cancel_waits();
  }
  void set_idle(bool idle) {
    idle_ = idle;
    set_expendable(idle);
  }
  // Whether it may be closed for a new connection: nothing is under way on it.
  void set_expendable(bool expendable) {
    if (listener->confined) return;  // they make no room for others
    if (expendable) {
      context.idle.add(*this, used_);
    } else {
      IdleConnections::remove(*this);
    }
  }
  // It has sent a whole request.
  void set_used() { used_ = true; }
  void set_deadline_ms(int64_t from_now_ms) {
    set_deadline_us(context.clock.monotonic_us() + from_now_ms * 1000);
  }
  void set_deadline_us(int64_t monotonic_us) { deadline_us_ = monotonic_us; }
  void clear_deadline() { deadline_us_ = kNoDeadline; }
  void set_stop_observer(std::function<void()> observer) { stop_observer_ = std::move(observer); }
  void refused(std::string_view reason) const { context.refusal_log(reason); }
  [[nodiscard]] Response overload_answer(const Request& head) const;

  // `co_await connection.readable();` then look at the stream again.
  struct Readiness {
    Connection& connection;
    bool for_reading;
    bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle) {
      connection.turn_bytes_ = 0;
      Callback resume = [handle] { handle.resume(); };
      if (for_reading) {
        connection.stream().wait_readable(std::move(resume));
      } else {
        connection.stream().wait_writable(std::move(resume));
      }
    }
    void await_resume() noexcept {}
  };
  Readiness readable() { return {*this, true}; }
  Readiness writable() { return {*this, false}; }

  // What a connection does before the others of its reactor have their turn, in bytes moved.
  static constexpr size_t kTurnBytes = 512u << 10;
  // What handling a request counts as.
  static constexpr size_t kRequestTurnBytes = 32u << 10;

  // `co_await connection.after(bytes);` when so much more was done: goes on at once, or behind the
  // others if its turn is over.
  struct Turn {
    Connection& connection;
    bool await_ready() noexcept { return connection.turn_bytes_ < kTurnBytes; }
    void await_suspend(std::coroutine_handle<> handle) {
      connection.turn_bytes_ = 0;
      connection.context.home.post([handle] { handle.resume(); });
    }
    void await_resume() noexcept {}
  };
  Turn after(size_t bytes) {
    turn_bytes_ += bytes;
    return {*this};
  }

  // Writes all of both pieces; false if the peer went away or took nothing for the write timeout.
  io::Task<bool> write(std::string_view first, std::string_view second);

  // ---- For the server.
  // Ends it when it is idle, else after what is in flight.
  void begin_stop();
  void close_now() {
    stopping_ = true;
    stream_->close();
  }
  void expire_if_due(int64_t now_us);

 private:
  static constexpr int64_t kNoDeadline = INT64_MAX;

  std::unique_ptr<ByteStream> stream_;
  int64_t deadline_us_ = kNoDeadline;
  size_t turn_bytes_ = 0;  // since the last wait
  bool idle_ = false;
  bool used_ = false;
  bool stopping_ = false;
  bool timed_out_ = false;
  bool reading_ended_ = false;
  std::function<void()> stop_observer_;
};

// Finds out which protocol the peer speaks and serves it to the end.
io::Task<void> serve_connection(std::shared_ptr<Connection> connection);

// The two protocols; `input` is what was read already. http1_session.cc, http2_session.cc.
inline constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
io::Task<void> serve_http1(std::shared_ptr<Connection> connection, std::string input);
io::Task<void> serve_http2(std::shared_ptr<Connection> connection, std::string input);

// Whether the caller thinks that bytes are there already: then they are asked for before a wait,
// else the wait comes first and saves a call that would find nothing.
enum class Expect { kBytes, kNothingYet };

// Appends what is there to `input`, waiting for it if there is nothing. False when the peer closed,
// the deadline passed, or the connection is idle and the server stops.
io::Task<bool> read_more(Connection& connection, std::string* input,
                         Expect expect = Expect::kBytes);

}  // namespace millstream::http
