#include <fmt/format.h>

#include <algorithm>

#include "http/connection.h"
#include "http/http1_body.h"
#include "http/request_parser.h"
#include "http/response_head.h"

namespace millstream::http {
namespace {

using Status = ByteStream::Status;

// Input that a keep-alive connection may keep allocated between requests.
constexpr size_t kIdleInputBytes = 4096;
// After a refusal the peer may still be sending; a close with unread input would destroy the answer
// on its way (TCP reset). So the rest is read and dropped for a while.
constexpr int64_t kLingerMs = 2000;
// A body's memory is taken in steps as large as what has come, between these two.
constexpr size_t kBodyStepBytesMin = 16u << 10;
constexpr size_t kBodyStepBytesMax = 256u << 10;

// Whether the next request will be there as soon as the others that are ready have had their turn.
// On a busy server it mostly is, and looking at once saves the calls that waiting for it takes;
// where it isn't, looking is in vain and is tried seldom.
class Guess {
 public:
  [[nodiscard]] bool says_soon() { return ++waits_ > pause_; }
  void learn(bool was_right) {
    waits_ = 0;
    pause_ = was_right ? 0 : kPause;
  }

 private:
  static constexpr int kPause = 15;  // so often it is waited for before the next try
  int waits_ = 0;
  int pause_ = kPause;
};

// One HTTP/1.1 connection: reads a request whole, has it handled, writes the answer, and goes on
// with what the peer sent meanwhile (pipelining).
class Http1Session {
 public:
  Http1Session(std::shared_ptr<Connection> connection, std::string input)
      : connection_(std::move(connection)),
        limits_(connection_->context.limits),
        parser_(limits_.header_bytes_max, connection_->listener->limits.body_bytes_max),
        place_(connection_->listener->room, connection_->listener->own),
        input_(std::move(input)) {}

  io::Task<void> run() {
    bool go_on = true;
    while (go_on) {
      const Reading reading = co_await read_request();
      if (reading == Reading::kClosed) co_return;
      if (reading == Reading::kRefused) {
        co_await refuse();
        co_return;
      }
      go_on = co_await handle();
      co_await connection_->after(Connection::kRequestTurnBytes);
    }
  }

 private:
  enum class Reading { kRequest, kClosed, kRefused };

  io::Task<Reading> read_request() {
    parser_.reset();
    place_.leave();
    const bool begun = co_await wait_for_first_byte();
    if (!begun) co_return Reading::kClosed;
    connection_->set_deadline_ms(limits_.header_timeout_ms);
    const Reading head = co_await read_head();
    if (head != Reading::kRequest) co_return head;
    if (!may_come()) co_return Reading::kRefused;
    if (parser_.expects_continue() && rest().empty()) {
      const bool written = co_await connection_->write("HTTP/1.1 100 Continue\r\n\r\n", {});
      if (!written) co_return Reading::kClosed;
    }
    body_started_us_ = connection_->context.clock.monotonic_us();
    Reading reading = Reading::kClosed;
    if (parser_.chunked()) {
      reading = co_await read_chunked_body();
    } else {
      reading = co_await read_sized_body();
    }
    connection_->clear_deadline();
    co_return reading;
  }

  io::Task<Reading> read_head() {
    while (true) {
      // Nobody knows yet what kind of request it is: the answer is a plain one.
      if (!place_.grow_to(rest().size())) co_return refused(503, "There is no room for a request.");
      const auto state = parse(&RequestParser::head);
      if (state == RequestParser::State::kRefused) co_return malformed();
      if (state == RequestParser::State::kDone) break;
      const bool more = co_await read_behind();
      if (!more) co_return ended();
    }
    head_bytes_ = place_.bytes();
    Request& request = parser_.request();
    request.peer_is_loopback = connection_->peer_is_loopback;
    request.listener_label = connection_->listener->label;
    co_return Reading::kRequest;
  }

  // Whether the body that the header announces is wanted and finds room; else there is a refusal.
  bool may_come() {
    const size_t length = parser_.content_length();
    if (!parser_.chunked() && length <= limits_.unjudged_body_bytes_max) return true;
    const ListenerShared& listener = *connection_->listener;
    if (listener.judge) refusal_ = listener.judge(connection_->context.home, parser_.request());
    if (refusal_) {
      connection_->refused(
          fmt::format("HTTP {}: a body of {} wasn't read", refusal_->status,
                      parser_.chunked() ? "unknown length" : fmt::format("{} bytes", length)));
      return false;
    }
    if (place_.could_grow_to(head_bytes_ + length)) return true;
    overloaded();
    return false;
  }

  io::Task<bool> wait_for_first_byte() {
    // Empty lines between requests are allowed (RFC 9112, 2.2).
    while (true) {
      take(std::min(rest().find_first_not_of("\r\n"), rest().size()));
      if (!rest().empty()) co_return true;
      if (connection_->stopping()) co_return false;
      if (guess_.says_soon()) {
        const Status status = co_await read_soon();
        guess_.learn(status == Status::kDone);
        if (status == Status::kDone) continue;
        if (status == Status::kClosed) co_return false;
      }
      if (input_.capacity() > kIdleInputBytes) input_ = std::string();
      connection_->set_deadline_ms(limits_.idle_timeout_ms);
      connection_->set_idle(true);
      const bool more = co_await read_more(*connection_, &input_, Expect::kNothingYet);
      connection_->set_idle(false);
      if (!more) co_return false;
    }
  }

  // Looks for input once, behind all that is ready now.
  io::Task<Status> read_soon() {
    co_await io::resume_on(connection_->context.home);
    const std::span<char> scratch = connection_->context.scratch;
    const auto outcome = connection_->stream().read_now(scratch.data(), scratch.size());
    input_.append(scratch.data(), outcome.bytes);
    co_await connection_->after(outcome.bytes);
    co_return outcome.status;
  }

  io::Task<Reading> read_sized_body() {
    std::string& body = parser_.request().body;
    const size_t length = parser_.content_length();
    reserve_body(&body, length);
    const size_t already = std::min(length, rest().size());
    body.append(rest(), 0, already);
    take(already);
    // The rest goes from the socket straight to its place. The length is only the peer's word, so
    // memory is touched no faster than bytes come.
    while (body.size() < length) {
      extend_body_deadline(body.size());
      const size_t before = body.size();
      const size_t step = std::clamp(before, kBodyStepBytesMin, kBodyStepBytesMax);
      const size_t after = std::min(length, before + step);
      if (!place_.grow_to(head_bytes_ + after)) co_return overloaded();
      body.resize(after);
      const auto outcome =
          connection_->stream().read_now(body.data() + before, body.size() - before);
      body.resize(before + outcome.bytes);
      if (outcome.status == Status::kClosed) co_return Reading::kClosed;
      if (outcome.status == Status::kDone) {
        co_await connection_->after(outcome.bytes);
        continue;
      }
      co_await connection_->readable();
      if (connection_->timed_out()) co_return ended();
    }
    co_return Reading::kRequest;
  }

  io::Task<Reading> read_chunked_body() {
    while (true) {
      const size_t bytes = head_bytes_ + parser_.request().body.size() + rest().size();
      if (!place_.grow_to(bytes)) co_return overloaded();
      const auto state = parse(&RequestParser::chunked_body);
      if (state == RequestParser::State::kRefused) co_return malformed();
      if (state == RequestParser::State::kDone) co_return Reading::kRequest;
      extend_body_deadline(parser_.request().body.size());
      const bool more = co_await read_behind();
      if (!more) co_return ended();
    }
  }

  RequestParser::State parse(RequestParser::State (RequestParser::*step)(std::string_view,
                                                                         size_t*)) {
    size_t consumed = 0;
    const auto state = (parser_.*step)(rest(), &consumed);
    take(consumed);
    return state;
  }

  // What was read and not taken yet.
  [[nodiscard]] std::string_view rest() const {
    return std::string_view(input_).substr(input_taken_);
  }
  void take(size_t bytes) {
    input_taken_ += bytes;
    if (input_taken_ < input_.size()) return;
    input_.clear();
    input_taken_ = 0;
  }

  // Reads behind what is there, in the place of what was taken.
  io::Task<bool> read_behind() {
    input_.erase(0, std::exchange(input_taken_, 0));
    return read_more(*connection_, &input_);
  }

  // ---- Why a request isn't handled.
  Reading refused(int status, std::string_view reason) {
    connection_->refused(fmt::format("HTTP {}: {}", status, reason));
    refusal_ = refusal_response(status, reason);
    return Reading::kRefused;
  }
  Reading malformed() { return refused(parser_.status(), parser_.reason()); }
  Reading ended() {
    if (!connection_->timed_out()) return Reading::kClosed;
    return refused(408, "The request took too long to arrive.");
  }
  Reading overloaded() {
    connection_->refused("There is no room for a request.");
    refusal_ = connection_->overload_answer(parser_.request());
    return Reading::kRefused;
  }

  void extend_body_deadline(size_t bytes) {
    connection_->set_deadline_us(body_deadline_us(limits_, body_started_us_, bytes));
  }

  // Returns whether the connection lives on.
  io::Task<bool> handle() {
    const Request& request = parser_.request();
    connection_->set_used();
    Response response;
    if (place_.enter()) {
      io::Executor& home = connection_->context.home;
      response = co_await connection_->listener->handler(home, request);
      // Behind all that is ready now, so that many answers are written one after the other: a peer
      // that gets them one by one sleeps between them, and waking it is most of what sending costs.
      co_await io::resume_on(home);
    } else {
      connection_->refused("There are too many requests.");
      response = connection_->overload_answer(request);
    }
    place_.hold(head_bytes_ + request.body.size() + response.body.size());
    const bool keep_alive = parser_.keep_alive() && !connection_->stopping();
    if (response.producer && request.method != "HEAD") {
      const bool produced = co_await write_produced(std::move(response), keep_alive);
      co_return produced;
    }
    const bool written = co_await write(response, keep_alive, request.method == "HEAD");
    co_return written&& keep_alive;
  }

  // The same for a body that is made while it is sent.
  io::Task<bool> write_produced(Response response, bool keep_alive) {
    const bool in_chunks = parser_.takes_chunks();
    head_.clear();
    append_response_head(response, keep_alive, date(), &head_,
                         in_chunks ? Length::kInChunks : Length::kToTheEnd);
    const bool written = co_await connection_->write(head_, {});
    if (!written) co_return false;
    const bool whole =
        co_await send_produced_body(connection_, std::move(response.producer), in_chunks, &input_);
    co_return whole&& keep_alive && !connection_->stopping();
  }

  io::Task<bool> write(const Response& response, bool keep_alive, bool head_only) {
    head_.clear();
    append_response_head(response, keep_alive, date(), &head_);
    const std::string_view body = head_only ? std::string_view() : std::string_view(response.body);
    const bool written = co_await connection_->write(head_, body);
    co_return written;
  }

  std::string_view date() {
    return connection_->context.date.at(connection_->context.clock.wall_ms());
  }

  io::Task<void> refuse() {
    const bool written = co_await write(*refusal_, false, false);
    place_.leave();
    if (written) co_await linger();
  }

  io::Task<void> linger() {
    connection_->stream().shutdown_write();
    connection_->set_deadline_ms(kLingerMs);
    bool more = !connection_->timed_out();
    while (more) {
      take(rest().size());
      more = co_await read_more(*connection_, &input_);
    }
  }

  const std::shared_ptr<Connection> connection_;
  const ServerLimits& limits_;
  RequestParser parser_;
  Place place_;             // of the request that is read or handled
  std::string input_;       // as it was read
  size_t input_taken_ = 0;  // of its bytes: parsed already
  Guess guess_;
  std::string head_;       // of the response being written
  size_t head_bytes_ = 0;  // what its header holds in place_
  int64_t body_started_us_ = 0;
  std::optional<Response> refusal_;  // what it gets instead of being handled
};

}  // namespace

io::Task<void> serve_http1(std::shared_ptr<Connection> connection, std::string input) {
  Http1Session session(std::move(connection), std::move(input));
  co_await session.run();
}

}  // namespace millstream::http
