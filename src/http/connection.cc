#include "http/connection.h"

#include "http/response_head.h"

namespace millstream::http {

using Status = ByteStream::Status;

void Connection::begin_stop() {
  stopping_ = true;
  if (stop_observer_) stop_observer_();
  if (idle_) stream_->cancel_waits();
}

void Connection::expire_if_due(int64_t now_us) {
  if (now_us < deadline_us_) return;
  clear_deadline();
  timed_out_ = true;
  stream_->cancel_waits();
}

TlsStream& Connection::put_tls_over(std::shared_ptr<const TlsContext> tls,
                                    std::string first_bytes) {
  auto over = std::make_unique<TlsStream>(std::move(tls), std::move(stream_), context.home,
                                          std::move(first_bytes));
  TlsStream& stream = *over;
  stream_ = std::move(over);
  return stream;
}

Response Connection::overload_answer(const Request& head) const {
  if (listener->overload_answer) return listener->overload_answer(context.home, head);
  return refusal_response(503, "The server has no room for the request now; try again.");
}

io::Task<bool> Connection::write(std::string_view first, std::string_view second) {
  set_deadline_ms(context.limits.write_timeout_ms);
  while (true) {
    const std::array<std::string_view, 2> pieces = {first, second};
    const ByteStream::Outcome outcome = stream_->write_now(pieces);
    if (outcome.status == Status::kClosed) co_return false;
    if (outcome.status == Status::kDone) {
      const size_t of_first = std::min(outcome.bytes, first.size());
      first.remove_prefix(of_first);
      second.remove_prefix(outcome.bytes - of_first);
      if (first.empty() && second.empty()) break;
      set_deadline_ms(context.limits.write_timeout_ms);
      co_await after(outcome.bytes);
      continue;
    }
    co_await writable();
    if (timed_out_) co_return false;
  }
  clear_deadline();
  co_return true;
}

io::Task<bool> read_more(Connection& connection, std::string* input, Expect expect) {
  const std::span<char> scratch = connection.context.scratch;
  if (expect == Expect::kNothingYet && !connection.done_reading()) co_await connection.readable();
  while (!connection.done_reading()) {
    const ByteStream::Outcome outcome =
        connection.stream().read_now(scratch.data(), scratch.size());
    if (outcome.status == Status::kDone) {
      input->append(scratch.data(), outcome.bytes);
      co_await connection.after(outcome.bytes);
      co_return true;
    }
    if (outcome.status == Status::kClosed) break;
    co_await connection.readable();
  }
  co_return false;
}

namespace {

// Reads what decides which protocol the peer speaks. False when nothing more comes.
io::Task<bool> read_beginning(Connection& connection, std::string* input) {
  connection.set_idle(true);
  connection.set_deadline_ms(connection.context.limits.idle_timeout_ms);
  while (input->size() < kHttp2Preface.size() && kHttp2Preface.starts_with(*input)) {
    const bool more = co_await read_more(connection, input);
    if (!more) co_return false;
    connection.set_idle(false);
    connection.set_deadline_ms(connection.context.limits.header_timeout_ms);
  }
  co_return true;
}

// Does the handshake that `input` begins. Until it is done the connection is an unused one, which
// may be closed for another, and its deadline is a header's.
io::Task<bool> begin_tls(Connection& connection, std::string input) {
  TlsStream& stream = connection.put_tls_over(connection.listener->tls, std::move(input));
  connection.set_idle(true);
  connection.set_deadline_ms(connection.context.limits.header_timeout_ms);
  while (!connection.done_reading()) {
    const TlsStream::Handshake state = stream.handshake_now();
    co_await connection.after(Connection::kRequestTurnBytes);
    if (state == TlsStream::Handshake::kDone) co_return true;
    if (state == TlsStream::Handshake::kFailed) {
      connection.refused("TLS: " + stream.failure());
      co_return false;
    }
    if (state == TlsStream::Handshake::kWantsInput) {
      co_await connection.readable();
    } else {
      co_await connection.writable();
    }
  }
  co_return false;
}

}  // namespace

io::Task<void> serve_connection(std::shared_ptr<Connection> connection) {
  std::string input;
  bool begun = co_await read_beginning(*connection, &input);
  if (begun && input.front() == kTlsFirstByte && connection->listener->tls) {
    begun = co_await begin_tls(*connection, std::exchange(input, {}));
    if (begun) begun = co_await read_beginning(*connection, &input);
  }
  if (!begun) {
    connection->stream().close();
    co_return;
  }
  if (input.starts_with(kHttp2Preface)) {
    co_await serve_http2(connection, std::move(input));
  } else {
    co_await serve_http1(connection, std::move(input));
  }
  connection->stream().close();
}

}  // namespace millstream::http
