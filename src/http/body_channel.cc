#include "http/body_channel.h"

namespace millstream::http {

void BodyChannel::start(const std::shared_ptr<BodyChannel>& channel,
                        std::unique_ptr<BodyProducer> producer) {
  io::spawn(produce(channel, std::move(producer)));
}

// From the executor's queue, so that nothing of the producer runs within the session's call.
io::Task<void> BodyChannel::produce(std::shared_ptr<BodyChannel> channel,
                                    std::unique_ptr<BodyProducer> producer) {
  co_await io::resume_on(channel->home_);
  const bool whole = co_await producer->run(*channel);
  channel->whole_ = whole;
  producer.reset();
  channel->end_observer_ = Callback();
  channel->finished_ = true;
  channel->changed();
  channel->changed_ = nullptr;
}

void BodyChannel::changed() {
  if (changed_) changed_();
}

struct BodyChannel::Taken {
  BodyChannel& channel;
  bool await_ready() noexcept { return channel.piece().empty(); }
  void await_suspend(std::coroutine_handle<> handle) { channel.writer_ = handle; }
  void await_resume() noexcept {}
};

io::Task<bool> BodyChannel::write(std::string piece) {
  if (ended_ || piece.empty()) co_return wanted();
  CHECK(this->piece().empty());
  piece_ = std::move(piece);
  taken_ = 0;
  changed();
  co_await Taken{*this};
  co_return wanted();
}

void BodyChannel::take(size_t bytes) {
  taken_ += bytes;
  if (!piece().empty()) return;
  piece_ = std::string();
  taken_ = 0;
  let_write_on();
}

void BodyChannel::drop_piece() {
  take(piece().size());
}

void BodyChannel::let_write_on() {
  if (!writer_) return;
  home_.post([writer = std::exchange(writer_, {})] { writer.resume(); });
}

void BodyChannel::end() {
  if (std::exchange(ended_, true)) return;
  if (end_observer_) home_.post(std::move(end_observer_));
  end_observer_ = Callback();
}

void BodyChannel::set_end_observer(Callback wake) {
  end_observer_ = std::move(wake);
  if (ended_ && end_observer_) home_.post(std::exchange(end_observer_, Callback()));
}

}  // namespace millstream::http
