#include <fmt/format.h>

#include "base/digest.h"
#include "lanes/stored_document.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/stream_change.h"

namespace millstream::kinesis::ops {
namespace {

aws::Result<> check_no_consumers(lanes::Transaction& transaction, const Stream& stream,
                                 int64_t now_ms) {
  const std::string keys = consumer_keys(stream.account, stream.region, stream.name);
  bool has_consumers = false;
  Result<> scanned = transaction.scan(
      keys, lanes::prefix_end(keys), [&](std::string_view, std::string_view document) {
        const auto consumer = parse_consumer(document);
        has_consumers = !consumer || !is_gone(consumer->transition, now_ms);
        return !has_consumers;
      });
  if (!scanned) return aws::Error(scanned.take_error());
  if (!has_consumers) return {};
  return errors::resource_in_use_exception(fmt::format(
      "Stream {} under account {} has registered consumers. Set EnforceConsumerDeletion "
      "to true, or deregister them first.",
      stream.name, stream.account));
}

}  // namespace

io::Task<aws::Result<aws::Empty>> delete_stream(Service& service,
                                                const aws::RequestContext& context,
                                                api::DeleteStreamInput input) {
  auto stream = service.find_stream_in_any_status(context, input.stream_name, input.stream_arn,
                                                  input.stream_id);
  if (!stream) co_return stream.take_error();
  const auto change = [&](lanes::Transaction& transaction, Stream& active) -> aws::Result<> {
    if (!input.enforce_consumer_deletion.value_or(false)) {
      aws::Result<> checked = check_no_consumers(transaction, active, context.now_ms);
      if (!checked) return checked;
    }
    active.transition = transition_to(service, "DELETING", context.now_ms);
    if (is_gone(active.transition, context.now_ms)) {
      Result<> erased = erase_stream(transaction, active);
      if (!erased) return aws::Error(erased.take_error());
    } else {
      transaction.put(active.key(), to_document(active));
    }
    return {};
  };
  aws::Result<> done = co_await run_with_stream(service, context, stream.take(), change);
  if (!done) co_return done.take_error();
  service.remove_later();
  co_return aws::Empty{};
}

}  // namespace millstream::kinesis::ops
