#include "wire.h"

#include <algorithm>

#include "base/check.h"
#include "http1_answer.h"
#include "http2_wire.h"
#include "resp_answer.h"

namespace millstream::bench {
namespace {

// What HTTP/1.1 and RESP have in common: one request out, one answer back.
template <class Reader>
class OneByOneWire : public Wire {
 public:
  void start(size_t, const Request& request) override {
    reader_.clear();
    done_ = false;
    output_ = request.bytes;
  }
  std::string_view output() override { return output_; }
  void sent(size_t bytes) override { output_.remove_prefix(bytes); }
  bool receive(std::string_view bytes) override {
    const auto state = reader_.feed(bytes);
    done_ = state == Reader::State::kDone;
    return state != Reader::State::kBroken;
  }
  std::optional<Completed> next() override {
    if (!done_) return std::nullopt;
    done_ = false;
    return Completed{.stream = 0, .answer = answer()};
  }

 protected:
  virtual Answer answer() = 0;
  Reader reader_;

 private:
  std::string_view output_;
  bool done_ = false;
};

class Http1Wire final : public OneByOneWire<Http1Answer> {
 public:
  [[nodiscard]] bool ends() const override { return reader_.closes(); }

 private:
  Answer answer() override { return {.status = reader_.status(), .body = reader_.body()}; }
};

class RespWire final : public OneByOneWire<RespAnswer> {
 public:
  [[nodiscard]] bool ends() const override { return false; }

 private:
  Answer answer() override {
    return {.status = reader_.is_error() ? 500 : 200, .body = reader_.value()};
  }
};

}  // namespace

std::unique_ptr<Wire> make_wire(Protocol protocol, size_t streams) {
  CHECK(streams == 1 || protocol == Protocol::kHttp2);
  switch (protocol) {
    case Protocol::kHttp1:
      return std::make_unique<Http1Wire>();
    case Protocol::kHttp2:
      return std::make_unique<Http2Wire>(streams);
    case Protocol::kResp:
      return std::make_unique<RespWire>();
  }
  return nullptr;
}

}  // namespace millstream::bench
