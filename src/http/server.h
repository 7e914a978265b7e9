#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "http/message.h"
#include "io/reactor.h"

namespace millstream::http {

class TlsContext;

// Where a server listens. The host is an IPv4 or IPv6 address, without brackets.
struct Address {
  std::string host;
  uint16_t port = 0;  // 0: any free one

  [[nodiscard]] std::string text() const;  // "127.0.0.1:4566", "[::1]:4566"
  [[nodiscard]] bool is_loopback() const;
};

// Reads "127.0.0.1:4566", "[::1]:4566" or "localhost:4566" (which is 127.0.0.1).
Result<Address> parse_address(std::string_view text);

// What a listener's connections and requests may take. Past each bound a request or a connection is
// refused, and the others go on.
struct ListenerLimits {
  size_t connections_max = 10'000;
  size_t requests_max = 8'192;  // being handled at once
  // Headers, bodies and answers of all requests together; an eighth is kept for small ones.
  size_t bytes_max = 1u << 30;
  // Lambda's largest request is a zip of 50 MiB as base64; services have lower limits of their own.
  size_t body_bytes_max = 72u << 20;
  uint32_t http2_streams_max = 128;  // at once, on a connection
};

struct ServerLimits {
  // Of all listeners that have none of their own, together.
  ListenerLimits common;
  // Of all listeners that have limits of their own (ListenerOptions::limits), together: whatever
  // comes through them leaves the common ones alone.
  ListenerLimits confined = {.connections_max = 4'096, .bytes_max = 512u << 20};

  size_t header_bytes_max = 64u << 10;
  // A longer body, or one of unknown length, is read only if the listener's judge has nothing
  // against the request's header.
  size_t unjudged_body_bytes_max = 64u << 10;

  int64_t idle_timeout_ms = 120'000;   // between requests
  int64_t header_timeout_ms = 10'000;  // from a request's first byte to the end of its header
  // A body may take this long and one second more for every 16 KB that came.
  int64_t body_timeout_ms = 30'000;
  int64_t write_timeout_ms = 30'000;  // without any progress
};

// Told of every request or connection that was refused before a handler saw it, and why. Called on
// reactors' threads: keep it short.
using RefusalLog = std::function<void(std::string_view reason)>;

// Serves HTTP/1.1 and HTTP/2 on the same ports, in cleartext and over TLS. HTTP/2 is recognised by
// how it begins, whether it was agreed on (ALPN) or not.
//
// Operation: a listener accepts on one reactor and deals its connections to all of them in turn; a
// connection stays on its reactor. The first bytes decide between TLS and cleartext, and between
// the two protocols. Requests whose form is wrong are answered here (400, 408, 413, 417, 431, 501,
// 505) and the connection is closed. A handler's response is written with one system call.
//
// Overload: a request takes its place (number, bytes) before it is read or handled; without one it
// gets its listener's overload answer. A new connection past connections_max takes the place of the
// one that has been idle longest, one that never sent a request before any other; if none is idle
// it is closed at once. While too many are on their way to such a place, further ones wait in the
// kernel's queue. A connection that always has more to do lets the others of its reactor have a
// turn between.
//
// Threads: every method may be called from any thread but a reactor's own (stop waits for them).
class Server {
 public:
  using ListenerId = uint64_t;
  struct ListenerOptions {
    Handler handler;
    std::string label;                     // given to the handler with each request
    Judge judge;                           // may be empty: every body is read
    OverloadAnswer overload_answer;        // may be empty: a plain 503
    std::optional<ListenerLimits> limits;  // this listener's own
    // Lets clients speak TLS on the same port; without it only cleartext is served.
    std::shared_ptr<const TlsContext> tls = nullptr;
  };

  // `reactors` and `clock` outlive the server; the reactors must run for anything to be served.
  Server(io::Reactors& reactors, const Clock& clock, ServerLimits limits, RefusalLog refusal_log);
  ~Server();  // as stop(0)

  // Opens a listening socket. Fails with kInvalidArgument, kAlreadyExists (the port is taken) or
  // kIo.
  Result<ListenerId> listen(const Address& address, ListenerOptions options);
  // Takes over a socket that already listens, e.g. one from another network namespace.
  Result<ListenerId> adopt(UniqueFd listening, ListenerOptions options);
  // Where a listener stands, its port resolved.
  Result<Address> address(ListenerId listener) const;
  // What connections and requests hold now, and may hold at most.
  struct Usage {
    size_t connections;
    size_t connections_max;
    size_t requests;
    size_t requests_max;
    size_t bytes;
    size_t bytes_max;
  };
  // Of the listeners with limits of their own together, or of all others. Any thread.
  [[nodiscard]] Usage usage(bool confined) const;

  // Closes a listener and its connections without waiting for answers. Handlers that run go on to
  // their end, so a handler must own what it uses. An unknown id is ignored. Any thread.
  void remove(ListenerId listener);

  // Closes a listener and its idle connections and lets what is in flight on the others end for up
  // to `grace_ms`, then closes them. Returns whether everything ended by itself.
  bool drain(ListenerId listener, int64_t grace_ms);

  // The same for all listeners, and for good. Doing it twice is harmless.
  bool stop(int64_t grace_ms);

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace millstream::http
