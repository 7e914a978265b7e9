#include "services/fixture_json/operations.gen.h"

namespace millstream::fixture_json::ops {

namespace {

// As many ticks as were asked for, a tock, and then the failure that was asked for.
class Ticks final : public aws::EventProducer<api::WatchEvents> {
 public:
  explicit Ticks(api::WatchInput input) : input_(std::move(input)) {}

  io::Task<aws::Result<>> run(aws::EventWriter<api::WatchEvents> events) override {
    for (int32_t i = 0; i < input_.count; ++i) {
      api::WatchEvents event;
      event.tick = {i, aws::Timestamp{1'700'000'000'500}, std::string("\0\xff", 2)};
      const bool more = co_await events.send(std::move(event));
      if (!more) co_return aws::Result<>();
    }
    api::WatchEvents last;
    last.tock.emplace();
    const bool more = co_await events.send(std::move(last));
    if (more && input_.fail == "missing") {
      co_return errors::thing_missing_exception("it is gone");
    }
    if (more && input_.fail == "inside") co_return aws::internal_failure("the disk is on fire");
    co_return aws::Result<>();
  }

 private:
  const api::WatchInput input_;
};

}  // namespace

io::Task<aws::Result<aws::EventStream<api::WatchOutput, api::WatchEvents>>> watch(
    Service&, const aws::RequestContext&, api::WatchInput input) {
  if (input.fail == "at once") co_return errors::thing_missing_exception("there is none");
  aws::EventStream<api::WatchOutput, api::WatchEvents> stream;
  stream.first.greeting = "hello";
  stream.producer = std::make_unique<Ticks>(std::move(input));
  co_return stream;
}

}  // namespace millstream::fixture_json::ops
