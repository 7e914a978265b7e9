#include "services/kinesis/describe.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<api::DescribeStreamSummaryOutput>> describe_stream_summary(
    Service& service, const aws::RequestContext& context, api::DescribeStreamSummaryInput input) {
  auto found = service.find_stream(context, input.stream_name, input.stream_arn, input.stream_id);
  if (!found) co_return found.take_error();
  const Stream& stream = **found;
  api::DescribeStreamSummaryOutput output;
  api::StreamDescriptionSummary& summary = output.stream_description_summary;
  summary.stream_name = stream.name;
  summary.stream_arn = stream.arn();
  summary.stream_id = stream.stream_id;
  summary.stream_status = stream.status();
  summary.stream_mode_details = mode_details(stream);
  summary.retention_period_hours = stream.retention_hours;
  summary.stream_creation_timestamp = {stream.created_ms};
  summary.enhanced_monitoring.emplace_back().shard_level_metrics.emplace();
  summary.encryption_type = "NONE";
  summary.open_shard_count = static_cast<int32_t>(stream.open_shards.size());
  summary.consumer_count = 0;
  summary.max_record_size_in_kib = stream.max_record_size_kib;
  co_return output;
}

}  // namespace millstream::kinesis::ops
