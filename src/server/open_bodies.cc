#include "server/open_bodies.h"

#include <utility>

namespace millstream::server {

// All of it on its executor.
class OpenBodies::Body final : public http::BodyProducer, private http::BodySink {
 public:
  Body(OpenBodies& owner, io::Executor& home, std::unique_ptr<http::BodyProducer> producer)
      : owner_(owner), handle_(new Handle{home, this}), producer_(std::move(producer)) {
    owner_.in_flight_.fetch_add(1);
    std::lock_guard lock(owner_.mutex_);
    owner_.open_.insert(handle_);
  }
  ~Body() override {
    producer_.reset();
    handle_->body = nullptr;
    {
      std::lock_guard lock(owner_.mutex_);
      owner_.open_.erase(handle_);
    }
    owner_.in_flight_.fetch_sub(1);
  }

  io::Task<bool> run(http::BodySink& sink) override {
    sink_ = &sink;
    sink.set_end_observer([this] { wake(); });
    const bool whole = co_await producer_->run(*this);
    sink_ = nullptr;
    co_return whole;
  }
  void end() {
    ended_ = true;
    wake();
  }

 private:
  io::Task<bool> write(std::string piece) override {
    if (ended_) co_return false;
    const bool more = co_await sink_->write(std::move(piece));
    co_return more && !ended_;
  }
  [[nodiscard]] bool wanted() const override { return !ended_ && sink_->wanted(); }
  void set_end_observer(Callback wake) override {
    wake_ = std::move(wake);
    if (wake_ && !wanted()) handle_->home.post(std::exchange(wake_, Callback()));
  }
  void wake() {
    if (Callback wake = std::exchange(wake_, Callback())) wake();
  }

  OpenBodies& owner_;
  const std::shared_ptr<Handle> handle_;
  std::unique_ptr<http::BodyProducer> producer_;
  http::BodySink* sink_ = nullptr;
  Callback wake_;
  bool ended_ = false;
};

std::unique_ptr<http::BodyProducer> OpenBodies::keep(io::Executor& home,
                                                     std::unique_ptr<http::BodyProducer> producer) {
  return std::make_unique<Body>(*this, home, std::move(producer));
}

void OpenBodies::end_all() {
  std::lock_guard lock(mutex_);
  for (const auto& handle : open_) {
    handle->home.post([handle] {
      if (handle->body) handle->body->end();
    });
  }
}

}  // namespace millstream::server
