#include "services/kinesis/find_consumer.h"

#include "services/kinesis/access.h"
#include "services/kinesis/api.gen.h"

namespace millstream::kinesis {

aws::Result<std::shared_ptr<const Consumer>> find_named_consumer(
    Service& service, const aws::RequestContext& context,
    const std::optional<std::string>& stream_arn, const std::optional<std::string>& name,
    const std::optional<std::string>& consumer_arn) {
  if (!consumer_arn && !(stream_arn && name)) {
    return errors::invalid_argument_exception(
        "Either ConsumerARN or both StreamARN and ConsumerName must be provided.");
  }
  if (consumer_arn) {
    auto consumer = service.find_consumer(context, *consumer_arn);
    if (!consumer) return consumer;
    const bool agree = (!stream_arn || *stream_arn == (*consumer)->stream_arn()) &&
                       (!name || *name == (*consumer)->name);
    if (agree) return consumer;
    return errors::invalid_argument_exception(
        "ConsumerARN, StreamARN and ConsumerName do not name the same consumer.");
  }
  auto stream = service.find_stream_in_any_status(context, std::nullopt, stream_arn, std::nullopt);
  if (!stream) return stream.take_error();
  auto consumer = service.catalog().find_consumer(**stream, *name);
  if (!consumer || is_gone(consumer->transition, context.now_ms)) {
    return consumer_not_found(*name, (*stream)->account);
  }
  aws::Result<> allowed = check_access(context, *consumer);
  if (!allowed) return allowed.take_error();
  return consumer;
}

}  // namespace millstream::kinesis
