#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>

#include "base/unique_fd.h"
#include "server/top/top.h"

namespace millstream::server {
namespace {

constexpr time_t kPatienceSeconds = 10;

Result<UniqueFd> connect_to(const http::Address& address) {
  sockaddr_in v4 = {};
  sockaddr_in6 v6 = {};
  sockaddr* place = reinterpret_cast<sockaddr*>(&v4);
  socklen_t size = sizeof v4;
  if (inet_pton(AF_INET, address.host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
  } else {
    // Checked when the address was read: if it isn't the one, it is the other.
    CHECK(inet_pton(AF_INET6, address.host.c_str(), &v6.sin6_addr) == 1);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    place = reinterpret_cast<sockaddr*>(&v6);
    size = sizeof v6;
  }
  UniqueFd socket(::socket(place->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval patience = {kPatienceSeconds, 0};
  const bool connected =
      socket.valid() &&
      setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
      setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0 &&
      ::connect(socket.get(), place, size) == 0;
  if (!connected) return errno_error(errno, "no server answers on " + address.text());
  return socket;
}

}  // namespace

Result<std::string> fetch(const http::Address& address, const std::string& path) {
  Result<UniqueFd> socket = connect_to(address);
  if (!socket) return socket.take_error();
  // HTTP/1.0: the answer ends with the connection.
  const std::string request = "GET " + path + " HTTP/1.0\r\nHost: " + address.text() + "\r\n\r\n";
  size_t sent = 0;
  while (sent < request.size()) {
    const ssize_t size =
        ::send(socket->get(), request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
    if (size < 0) return errno_error(errno, "cannot ask " + address.text());
    sent += static_cast<size_t>(size);
  }
  std::string answer;
  char buffer[16384];
  while (true) {
    const ssize_t size = ::recv(socket->get(), buffer, sizeof buffer, 0);
    if (size < 0) return errno_error(errno, "no whole answer from " + address.text());
    if (size == 0) break;
    answer.append(buffer, static_cast<size_t>(size));
  }
  const size_t body = answer.find("\r\n\r\n");
  const std::string status = answer.substr(0, answer.find("\r\n"));
  if (body == std::string::npos || status.find(" 200 ") == std::string::npos) {
    return Error{ErrorCode::kUnavailable, address.text() + " answers: " + status};
  }
  return answer.substr(body + 4);
}

}  // namespace millstream::server
