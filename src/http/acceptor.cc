#include "http/acceptor.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>

#include "io/reactor_asio.h"

namespace millstream::http {
namespace {

// With its own kind of executor: the general one costs allocations on every wait.
using Descriptor =
    boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

// When the process has no descriptor left, new connections wait in the kernel's queue this long.
constexpr int64_t kRetryUs = 50'000;
// The same while none may be accepted.
constexpr int64_t kAskAgainUs = 1'000;
constexpr int kBacklog = 4096;
constexpr int kAcceptsAtOnce = 64;

struct SocketAddress {
  sockaddr_storage storage = {};
  socklen_t size = sizeof storage;
  sockaddr* any() { return reinterpret_cast<sockaddr*>(&storage); }
  sockaddr_in* v4() { return reinterpret_cast<sockaddr_in*>(&storage); }
  sockaddr_in6* v6() { return reinterpret_cast<sockaddr_in6*>(&storage); }
};

Result<SocketAddress> to_socket_address(const Address& address) {
  SocketAddress result;
  if (inet_pton(AF_INET, address.host.c_str(), &result.v4()->sin_addr) == 1) {
    result.v4()->sin_family = AF_INET;
    result.v4()->sin_port = htons(address.port);
    result.size = sizeof(sockaddr_in);
    return result;
  }
  if (inet_pton(AF_INET6, address.host.c_str(), &result.v6()->sin6_addr) == 1) {
    result.v6()->sin6_family = AF_INET6;
    result.v6()->sin6_port = htons(address.port);
    result.size = sizeof(sockaddr_in6);
    return result;
  }
  return Error{ErrorCode::kInvalidArgument, "'" + address.host + "' is not an IP address."};
}

}  // namespace

Result<UniqueFd> open_listening_socket(const Address& address) {
  Result<SocketAddress> place = to_socket_address(address);
  if (!place) return place.take_error();
  const std::string what = "cannot listen on " + address.text();
  UniqueFd socket(
      ::socket(place->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.valid()) return errno_error(errno, what);
  const int on = 1;
  if (setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) {
    return errno_error(errno, what);
  }
  if (bind(socket.get(), place->any(), place->size) != 0) {
    if (errno != EADDRINUSE) return errno_error(errno, what);
    return Error{ErrorCode::kAlreadyExists, what + ": another program listens there."};
  }
  if (::listen(socket.get(), kBacklog) != 0) return errno_error(errno, what);
  return socket;
}

Result<Address> socket_address(int socket) {
  SocketAddress place;
  if (getsockname(socket, place.any(), &place.size) != 0) {
    return errno_error(errno, "cannot tell a listening socket's address");
  }
  char text[INET6_ADDRSTRLEN] = {};
  if (place.storage.ss_family == AF_INET6) {
    inet_ntop(AF_INET6, &place.v6()->sin6_addr, text, sizeof text);
    return Address{text, ntohs(place.v6()->sin6_port)};
  }
  if (place.storage.ss_family == AF_INET) {
    inet_ntop(AF_INET, &place.v4()->sin_addr, text, sizeof text);
    return Address{text, ntohs(place.v4()->sin_port)};
  }
  return Error{ErrorCode::kUnsupported, "The listening socket is neither IPv4 nor IPv6."};
}

bool peer_is_loopback(int socket) {
  SocketAddress peer;
  if (getpeername(socket, peer.any(), &peer.size) != 0) return false;
  if (peer.storage.ss_family == AF_INET) {
    return ntohl(peer.v4()->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
  }
  if (peer.storage.ss_family != AF_INET6) return false;
  const in6_addr& address = peer.v6()->sin6_addr;
  return IN6_IS_ADDR_LOOPBACK(&address) ||
         (IN6_IS_ADDR_V4MAPPED(&address) && address.s6_addr[12] == IN_LOOPBACKNET);
}

class Acceptor::Implementation : public std::enable_shared_from_this<Implementation> {
 public:
  Implementation(io::Reactor& reactor, UniqueFd listening, Callbacks callbacks)
      : reactor_(reactor),
        descriptor_(io::asio_context(reactor), listening.release()),
        callbacks_(std::move(callbacks)) {}

  void wait() {
    descriptor_.async_wait(Descriptor::wait_read,
                           [self = shared_from_this()](const boost::system::error_code& error) {
                             if (!error) self->accept_all();
                           });
  }

  void close() {
    boost::system::error_code ignored;  // the descriptor is gone in every case
    descriptor_.close(ignored);
    callbacks_ = {};
  }

 private:
  void accept_all() {
    for (int i = 0; i < kAcceptsAtOnce && descriptor_.is_open(); ++i) {
      if (!callbacks_.may_accept()) return wait_after(kAskAgainUs);
      UniqueFd socket(
          ::accept4(descriptor_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (!socket.valid()) {
        const bool out_of_descriptors =
            errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        if (out_of_descriptors) return wait_after(kRetryUs);
        if (errno == EAGAIN || errno == EWOULDBLOCK) break;
        continue;  // that connection went away before it was accepted
      }
      const int on = 1;
      // Without it answers may wait for the peer's delayed acknowledgement; not fatal if refused.
      (void)setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      callbacks_.accepted(std::move(socket));
    }
    if (descriptor_.is_open()) wait();
  }

  void wait_after(int64_t delay_us) {
    reactor_.run_after(delay_us, [self = shared_from_this()] {
      if (self->descriptor_.is_open()) self->wait();
    });
  }

  io::Reactor& reactor_;
  Descriptor descriptor_;
  Callbacks callbacks_;
};

Acceptor::Acceptor(io::Reactor& reactor, UniqueFd listening, Callbacks callbacks)
    : reactor_(&reactor),
      implementation_(
          std::make_shared<Implementation>(reactor, std::move(listening), std::move(callbacks))) {
  reactor.post([implementation = implementation_] { implementation->wait(); });
}

Acceptor::~Acceptor() {
  if (!implementation_) return;
  reactor_->post([implementation = std::move(implementation_)] { implementation->close(); });
}

}  // namespace millstream::http
