#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <charconv>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "http/server.h"

namespace millstream::http::testing {

// A blocking client that sends exactly the bytes that a test gives it. A read that gets nothing for
// ten seconds ends as if the peer had closed, so a broken server fails a test instead of hanging
// it.
class RawClient {
 public:
  explicit RawClient(const Address& address) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in place = {};
    place.sin_family = AF_INET;
    place.sin_port = htons(address.port);
    inet_pton(AF_INET, address.host.c_str(), &place.sin_addr);
    connected_ = connect(socket_.get(), reinterpret_cast<sockaddr*>(&place), sizeof place) == 0;
    const int on = 1;
    setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval patience = {10, 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] int descriptor() const { return socket_.get(); }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  // Appends what comes next to `into`; false at the end.
  bool receive(std::string* into) {
    char buffer[16384];
    const ssize_t size = recv(socket_.get(), buffer, sizeof buffer, 0);
    if (size <= 0) return false;
    into->append(buffer, static_cast<size_t>(size));
    return true;
  }

  // The server sees the end of what comes.
  void shutdown_write() { ::shutdown(socket_.get(), SHUT_WR); }

  std::string read_to_end() {
    while (receive(&pending_)) {
    }
    return std::move(pending_);
  }

  // One response with a content-length, header and body; "" at the end.
  std::string read_response(bool with_body = true) {
    size_t header_end = 0;
    while ((header_end = pending_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive(&pending_)) return "";
    }
    size_t size = header_end + 4;
    const size_t field = pending_.find("content-length: ");
    if (with_body && field < header_end) {
      size_t length = 0;
      std::from_chars(pending_.data() + field + 16, pending_.data() + header_end, length);
      size += length;
    }
    while (pending_.size() < size) {
      if (!receive(&pending_)) return "";
    }
    std::string response = pending_.substr(0, size);
    pending_.erase(0, size);
    return response;
  }

 private:
  UniqueFd socket_;
  std::string pending_;
  bool connected_ = false;
};

}  // namespace millstream::http::testing
