#include "services/kinesis/describe.h"
#include "services/kinesis/find_consumer.h"
#include "services/kinesis/operations.gen.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<api::DescribeStreamConsumerOutput>> describe_stream_consumer(
    Service& service, const aws::RequestContext& context, api::DescribeStreamConsumerInput input) {
  auto consumer = find_named_consumer(service, context, input.stream_arn, input.consumer_name,
                                      input.consumer_arn);
  if (!consumer) co_return consumer.take_error();
  const api::Consumer shown = describe(**consumer, context.now_ms);
  api::DescribeStreamConsumerOutput output;
  api::ConsumerDescription& description = output.consumer_description;
  description.consumer_name = shown.consumer_name;
  description.consumer_arn = shown.consumer_arn;
  description.consumer_status = shown.consumer_status;
  description.consumer_creation_timestamp = shown.consumer_creation_timestamp;
  description.stream_arn = (*consumer)->stream_arn();
  co_return output;
}

}  // namespace millstream::kinesis::ops
