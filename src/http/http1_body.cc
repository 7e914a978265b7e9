#include "http/http1_body.h"

#include <fmt/format.h>

#include "http/body_channel.h"

namespace millstream::http {
namespace {

using Status = ByteStream::Status;

// What a peer may send on meanwhile; more of it stays with the kernel.
constexpr size_t kInputBytesMax = 16u << 10;

// What one coroutine waits for; being woken counts only while it does.
class Event {
 public:
  explicit Event(io::Executor& home) : home_(home) {}
  void wake() {
    if (!waiter_) return;
    home_.post([waiter = std::exchange(waiter_, {})] { waiter.resume(); });
  }
  bool await_ready() noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) { waiter_ = handle; }
  void await_resume() noexcept {}

 private:
  io::Executor& home_;
  std::coroutine_handle<> waiter_;
};

// Two coroutines: one sends, the other watches the peer until the first has ended.
class ProducedBody {
 public:
  ProducedBody(std::shared_ptr<Connection> connection, std::string* input)
      : connection_(std::move(connection)),
        input_(input),
        channel_(
            std::make_shared<BodyChannel>(connection_->context.home, [this] { changed_.wake(); })),
        changed_(connection_->context.home),
        watch_ended_(connection_->context.home) {}

  io::Task<bool> send(std::unique_ptr<BodyProducer> producer, bool in_chunks) {
    connection_->set_stop_observer([this] { channel_->end(); });
    if (connection_->stopping()) channel_->end();
    BodyChannel::start(channel_, std::move(producer));
    io::spawn(watch());
    while (!channel_->finished()) {
      if (channel_->piece().empty()) {
        co_await io::in_place(changed_);
        continue;
      }
      const bool sent = co_await send_piece(in_chunks);
      if (!sent) give_up();
      channel_->drop_piece();
    }
    connection_->set_stop_observer(nullptr);
    bool whole = !gone_ && channel_->whole();
    if (whole && in_chunks) whole = co_await connection_->write("0\r\n\r\n", {});
    sending_ = false;
    connection_->stream().cancel_waits();
    if (watching_) co_await io::in_place(watch_ended_);
    co_return whole;
  }

 private:
  io::Task<bool> send_piece(bool in_chunks) {
    if (gone_) co_return false;
    const std::string_view piece = channel_->piece();
    if (in_chunks) {
      const std::string chunk = fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
      const bool sent = co_await connection_->write(chunk, {});
      co_return sent;
    }
    const bool sent = co_await connection_->write(piece, {});
    co_return sent;
  }

  io::Task<void> watch() {
    const std::span<char> scratch = connection_->context.scratch;
    while (sending_ && input_->size() < kInputBytesMax && !connection_->timed_out()) {
      co_await connection_->readable();
      if (!sending_) break;
      const auto outcome = connection_->stream().read_now(scratch.data(), scratch.size());
      if (outcome.status == Status::kDone) input_->append(scratch.data(), outcome.bytes);
      if (outcome.status == Status::kClosed) {
        give_up();
        break;
      }
    }
    watching_ = false;
    watch_ended_.wake();
  }

  void give_up() {
    gone_ = true;
    channel_->end();
  }

  const std::shared_ptr<Connection> connection_;
  std::string* const input_;
  const std::shared_ptr<BodyChannel> channel_;
  Event changed_;
  Event watch_ended_;
  bool sending_ = true;
  bool watching_ = true;
  bool gone_ = false;
};

}  // namespace

io::Task<bool> send_produced_body(std::shared_ptr<Connection> connection,
                                  std::unique_ptr<BodyProducer> producer, bool in_chunks,
                                  std::string* input) {
  ProducedBody body(std::move(connection), input);
  const bool whole = co_await body.send(std::move(producer), in_chunks);
  co_return whole;
}

}  // namespace millstream::http
