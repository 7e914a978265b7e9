#pragma once

#include <string>

#include "base/callback.h"
#include "io/task.h"

namespace millstream::http {

// Where a producer puts a response's body, piece by piece. On the session's executor.
class BodySink {
 public:
  virtual ~BodySink() = default;

  // Hands on the next piece, and returns true once the peer has room for another one: so no more
  // than a piece waits in memory. False when no more is wanted: the peer went away or takes
  // nothing, or the server stops. That may be before the piece was sent; the producer comes to its
  // end then.
  virtual io::Task<bool> write(std::string piece) = 0;
  [[nodiscard]] virtual bool wanted() const = 0;
  // `wake` runs once, from the executor's queue, when no more is wanted; also if that is so
  // already. It takes the place of the one before; an empty one is none. For a producer that waits
  // for something else than the peer.
  virtual void set_end_observer(Callback wake) = 0;
};

// Makes a body that isn't there as a whole when the response begins (Response::producer).
class BodyProducer {
 public:
  virtual ~BodyProducer() = default;
  // Runs once, or never if there is nobody to send to. Starts, writes and ends on the session's
  // executor; `sink` outlives the task. Its end is the body's end: true if the body is whole; after
  // a false the connection (HTTP/1.1) or the stream (HTTP/2) is cut, so that the peer knows.
  virtual io::Task<bool> run(BodySink& sink) = 0;
};

}  // namespace millstream::http
