#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "http/message.h"
#include "io/reactor.h"

namespace millstream::http {

// Where a server listens. The host is an IPv4 or IPv6 address, without brackets.
struct Address {
  std::string host;
  uint16_t port = 0;  // 0: any free one

  [[nodiscard]] std::string text() const;  // "127.0.0.1:4566", "[::1]:4566"
  [[nodiscard]] bool is_loopback() const;
};

// Reads "127.0.0.1:4566", "[::1]:4566" or "localhost:4566" (which is 127.0.0.1).
Result<Address> parse_address(std::string_view text);

// Past each of these a request or a connection is refused, and the others go on.
struct ServerLimits {
  size_t connections_max = 10'000;
  size_t header_bytes_max = 64u << 10;
  // Lambda's largest request is a zip of 50 MiB as base64; services have lower limits of their own.
  size_t body_bytes_max = 72u << 20;
  uint32_t http2_streams_max = 128;            // at once, on a connection
  size_t http2_bodies_bytes_max = 144u << 20;  // of all unfinished requests of a connection

  int64_t idle_timeout_ms = 120'000;   // between requests
  int64_t header_timeout_ms = 10'000;  // from a request's first byte to the end of its header
  // A body may take this long and one second more for every 16 KB that came.
  int64_t body_timeout_ms = 30'000;
  int64_t write_timeout_ms = 30'000;  // without any progress
};

// Told of every request or connection that was refused before a handler saw it, and why. Called on
// reactors' threads: keep it short.
using RefusalLog = std::function<void(std::string_view reason)>;

// Serves HTTP/1.1 and HTTP/2 with prior knowledge on the same ports.
//
// Operation: a listener accepts on one reactor and deals its connections to all of them in turn; a
// connection stays on its reactor. The first bytes decide between the two protocols. Requests whose
// form is wrong are answered here (400, 408, 413, 417, 431, 501, 505) and the connection is closed.
// A handler's response is written with one system call.
//
// Threads: every method may be called from any thread but a reactor's own (stop waits for them).
class Server {
 public:
  using ListenerId = uint64_t;
  struct ListenerOptions {
    Handler handler;
    std::string label;  // given to the handler with each request
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
