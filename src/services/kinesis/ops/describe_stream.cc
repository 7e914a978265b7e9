#include "services/kinesis/describe.h"
#include "services/kinesis/limits.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<api::DescribeStreamOutput>> describe_stream(Service& service,
                                                                 const aws::RequestContext& context,
                                                                 api::DescribeStreamInput input) {
  auto found = service.find_stream(context, input.stream_name, input.stream_arn, input.stream_id);
  if (!found) co_return found.take_error();
  const Stream& stream = **found;
  api::DescribeStreamOutput output;
  api::StreamDescription& description = output.stream_description;
  description.stream_name = stream.name;
  description.stream_arn = stream.arn();
  description.stream_status = stream.status();
  description.stream_mode_details = mode_details(stream);
  description.shards =
      describe_shards(stream, input.exclusive_start_shard_id,
                      static_cast<size_t>(input.limit.value_or(kDescribeStreamLimitDefault)),
                      context.now_ms, &description.has_more_shards);
  description.retention_period_hours = stream.retention_hours;
  description.stream_creation_timestamp = {stream.created_ms};
  description.enhanced_monitoring.emplace_back().shard_level_metrics.emplace();
  description.encryption_type = "NONE";
  co_return output;
}

}  // namespace millstream::kinesis::ops
