#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "request.h"

namespace millstream::bench {

// What came back. For RESP the status is 200, or 500 for an error.
struct Answer {
  int status = 0;
  std::string_view body;
};

struct Completed {
  size_t stream = 0;
  Answer answer;  // valid until the stream's next start() and the wire's next receive()
};

// One connection's protocol, without its socket: requests in, bytes out; bytes in, answers out. A
// wire has a fixed number of streams, each with at most one request under way. Not synchronised.
class Wire {
 public:
  virtual ~Wire() = default;

  // Begins `request` on an idle stream. `request` stays alive until its answer is complete.
  virtual void start(size_t stream, const Request& request) = 0;
  // The bytes to send next; empty when there are none. `sent` tells how many of them went out.
  virtual std::string_view output() = 0;
  virtual void sent(size_t bytes) = 0;
  // False when the peer broke the protocol; the connection is of no more use then.
  [[nodiscard]] virtual bool receive(std::string_view bytes) = 0;
  // The next complete answer, once each.
  virtual std::optional<Completed> next() = 0;
  // Whether the peer will close the connection behind the answers so far.
  [[nodiscard]] virtual bool ends() const = 0;
};

// `streams` is 1 for HTTP/1.1 and RESP.
std::unique_ptr<Wire> make_wire(Protocol protocol, size_t streams);

}  // namespace millstream::bench
