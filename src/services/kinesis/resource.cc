#include "services/kinesis/resource.h"

#include <fmt/format.h>

#include "services/kinesis/api.gen.h"
#include "services/kinesis/arn.h"
#include "services/kinesis/stream_change.h"
#include "services/kinesis/tags.h"

namespace millstream::kinesis {

aws::Result<Resource> find_resource(Service& service, const aws::RequestContext& context,
                                    const std::string& arn) {
  const auto name = split_arn(arn);
  if (!name) {
    return errors::invalid_argument_exception(
        "Millstream has no queues and channels yet: ResourceARN must be a stream's or a "
        "consumer's. See docs/compatibility.md.");
  }
  Resource resource;
  if (name->consumer.empty()) {
    auto stream = service.find_stream_in_any_status(context, std::nullopt, arn, std::nullopt);
    if (!stream) return stream.take_error();
    resource.stream = stream.take();
  } else {
    auto consumer = service.find_consumer(context, arn);
    if (!consumer) return consumer.take_error();
    resource.consumer = consumer.take();
  }
  return resource;
}

aws::Error no_resource_policy(std::string_view arn) {
  return errors::resource_not_found_exception(
      fmt::format("No resource policy found for resource ARN {}", arn));
}

io::Task<aws::Result<>> change_resource(Service& service, const aws::RequestContext& context,
                                        Resource resource, ChangeResource change) {
  if (resource.stream) {
    const std::string words = in_words(*resource.stream);
    const auto in_stream = [&](Stream& stream, int64_t) {
      return change({stream.tags, stream.settings.policy, words});
    };
    co_return co_await change_stream(service, context, resource.stream, in_stream, "");
  }
  const std::string words = in_words(*resource.consumer);
  const auto in_consumer = [&](Consumer& consumer, int64_t) {
    return change({consumer.tags, consumer.policy, words});
  };
  co_return co_await change_consumer(service, context, resource.consumer, in_consumer);
}

}  // namespace millstream::kinesis
