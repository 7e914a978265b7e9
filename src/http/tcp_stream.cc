#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>

#include "http/byte_stream.h"
#include "io/reactor_asio.h"

namespace millstream::http {
namespace {

// With its own kind of executor: the general one costs allocations on every wait.
using Descriptor =
    boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;
using Status = ByteStream::Status;

ByteStream::Outcome outcome_of(ssize_t result) {
  if (result > 0) return {Status::kDone, static_cast<size_t>(result)};
  if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
    return {Status::kWouldBlock};
  }
  return {Status::kClosed};
}

class TcpStream final : public ByteStream {
 public:
  TcpStream(io::Reactor& reactor, UniqueFd socket)
      : descriptor_(io::asio_context(reactor), socket.release()) {}

  Outcome read_now(char* into, size_t size) override {
    if (!descriptor_.is_open()) return {Status::kClosed};
    return outcome_of(::recv(descriptor_.native_handle(), into, size, MSG_DONTWAIT));
  }

  Outcome write_now(std::span<const std::string_view> pieces) override {
    if (!descriptor_.is_open()) return {Status::kClosed};
    std::array<iovec, 4> vectors;
    const size_t count = std::min(pieces.size(), vectors.size());
    for (size_t i = 0; i < count; ++i) {
      vectors[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
    }
    msghdr message = {};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    return outcome_of(
        ::sendmsg(descriptor_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL));
  }

  void wait_readable(Callback ready) override { wait(Descriptor::wait_read, std::move(ready)); }
  void wait_writable(Callback ready) override { wait(Descriptor::wait_write, std::move(ready)); }

  void cancel_waits() override {
    boost::system::error_code ignored;  // nothing to cancel is fine
    descriptor_.cancel(ignored);
  }
  void shutdown_write() override {
    if (descriptor_.is_open()) ::shutdown(descriptor_.native_handle(), SHUT_WR);
  }
  void close() override {
    boost::system::error_code ignored;  // the descriptor is gone in every case
    descriptor_.close(ignored);
  }

 private:
  void wait(Descriptor::wait_type kind, Callback ready) {
    descriptor_.async_wait(
        kind, [ready = std::move(ready)](const boost::system::error_code&) mutable { ready(); });
  }

  Descriptor descriptor_;
};

}  // namespace

std::unique_ptr<ByteStream> make_tcp_stream(io::Reactor& reactor, UniqueFd socket) {
  return std::make_unique<TcpStream>(reactor, std::move(socket));
}

}  // namespace millstream::http
