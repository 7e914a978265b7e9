#include <algorithm>

#include "services/kinesis/describe.h"
#include "services/kinesis/limits.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<api::DescribeStreamOutput>> describe_stream(Service& service,
                                                                 const aws::RequestContext& context,
                                                                 api::DescribeStreamInput input) {
  auto found = service.find_stream_in_any_status(context, input.stream_name, input.stream_arn,
                                                 input.stream_id);
  if (!found) co_return found.take_error();
  const Stream& stream = **found;
  api::DescribeStreamOutput output;
  api::StreamDescription& description = output.stream_description;
  description.stream_name = stream.name;
  description.stream_arn = stream.arn();
  description.stream_status = stream.status(context.now_ms);
  description.stream_mode_details = mode_details(stream);
  const int32_t limit =
      std::min(kDescribeStreamLimitMax, input.limit.value_or(kDescribeStreamLimitMax));
  // A stream shows no shards until it is made.
  if (description.stream_status != "CREATING") {
    description.shards =
        describe_shards(stream, input.exclusive_start_shard_id, static_cast<size_t>(limit),
                        context.now_ms, &description.has_more_shards);
  }
  description.retention_period_hours = stream.retention_hours;
  description.stream_creation_timestamp = {stream.created_ms};
  description.enhanced_monitoring = monitoring(stream);
  description.encryption_type = stream.settings.encryption_type();
  description.key_id = stream.settings.key_id;
  co_return output;
}

}  // namespace millstream::kinesis::ops
