#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "base/callback.h"
#include "base/unique_fd.h"
#include "io/reactor.h"

namespace millstream::http {

// A connection's bytes: plain TCP, or TLS over it (http/tls_stream.h). Nothing that stands on this
// may know which it has.
//
// Reading and writing never block: they do what can be done now. Everything, the callbacks
// included, happens on one reactor's thread.
class ByteStream {
 public:
  enum class Status { kDone, kWouldBlock, kClosed };
  struct Outcome {
    Status status;
    size_t bytes = 0;  // with kDone; fewer than asked for is normal
  };

  virtual ~ByteStream() = default;
  virtual Outcome read_now(char* into, size_t size) = 0;
  // After kWouldBlock the next call's pieces begin with the same bytes: some of them may be on
  // their way already.
  virtual Outcome write_now(std::span<const std::string_view> pieces) = 0;

  // Calls `ready` once when reading (writing) may get on, or when the wait was cancelled or the
  // stream closed: the caller looks again. At most one wait of each kind at a time.
  virtual void wait_readable(Callback ready) = 0;
  virtual void wait_writable(Callback ready) = 0;
  virtual void cancel_waits() = 0;

  virtual void shutdown_write() = 0;  // the peer sees the end; reading goes on
  virtual void close() = 0;           // ends waits; later reads and writes give kClosed
};

// Takes over a connected, non-blocking socket. On `reactor`'s thread.
std::unique_ptr<ByteStream> make_tcp_stream(io::Reactor& reactor, UniqueFd socket);

}  // namespace millstream::http
