#pragma once

#include <coroutine>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/body_producer.h"
#include "io/executor.h"

namespace millstream::http {

// Between a response's producer and the session that sends it: holds one piece. All of it on the
// session's executor.
class BodyChannel final : public BodySink {
 public:
  // `changed` is called when there is a new piece and at the producer's end, not within a call of
  // the session's own. It is let go after the end.
  BodyChannel(io::Executor& home, std::function<void()> changed)
      : home_(home), changed_(std::move(changed)) {}

  // ---- For the session.
  // Runs the producer. The channel lives until its end, whoever lets it go.
  static void start(const std::shared_ptr<BodyChannel>& channel,
                    std::unique_ptr<BodyProducer> producer);
  // What is to be sent next; empty if there is nothing now.
  [[nodiscard]] std::string_view piece() const { return std::string_view(piece_).substr(taken_); }
  // So much of the piece was sent. At its end the producer goes on.
  void take(size_t bytes);
  // The producer has ended, and all that it wrote was taken.
  [[nodiscard]] bool finished() const { return finished_ && piece().empty(); }
  // After that: whether the body is whole.
  [[nodiscard]] bool whole() const { return whole_; }
  // Lets the producer come to its end. A piece that wasn't taken may still be, or is dropped.
  void end();
  void drop_piece();

  // ---- For the producer.
  io::Task<bool> write(std::string piece) override;
  [[nodiscard]] bool wanted() const override { return !ended_; }
  void set_end_observer(Callback wake) override;

 private:
  struct Taken;
  static io::Task<void> produce(std::shared_ptr<BodyChannel> channel,
                                std::unique_ptr<BodyProducer> producer);
  void changed();
  void let_write_on();

  io::Executor& home_;
  std::function<void()> changed_;
  std::string piece_;
  size_t taken_ = 0;                // of piece_
  std::coroutine_handle<> writer_;  // waits until the piece is taken
  Callback end_observer_;
  bool ended_ = false;
  bool finished_ = false;
  bool whole_ = false;
};

}  // namespace millstream::http
