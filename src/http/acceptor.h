#pragma once

#include <functional>
#include <memory>

#include "base/result.h"
#include "base/unique_fd.h"
#include "http/server.h"
#include "io/reactor.h"

namespace millstream::http {

// Opens a non-blocking listening socket.
Result<UniqueFd> open_listening_socket(const Address& address);
// The address that a socket is bound to.
Result<Address> socket_address(int socket);
bool peer_is_loopback(int socket);

// Accepts on one reactor as long as it lives. Made and destroyed on any thread; what is just being
// accepted at its end may still be handed out.
class Acceptor {
 public:
  struct Callbacks {
    // Asked before each one: while it says false, connections wait in the kernel's queue.
    std::function<bool()> may_accept;
    // Gets non-blocking sockets without Nagle's delay.
    std::function<void(UniqueFd)> accepted;
  };
  // `callbacks` are called on the reactor's thread.
  Acceptor(io::Reactor& reactor, UniqueFd listening, Callbacks callbacks);
  Acceptor(Acceptor&&) noexcept = default;
  ~Acceptor();

 private:
  class Implementation;
  io::Reactor* reactor_;
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace millstream::http
