#include <algorithm>

#include "services/kinesis/describe.h"
#include "services/kinesis/distribution.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {
namespace {

int32_t consumer_count(Service& service, const aws::RequestContext& context, const Stream& stream) {
  const auto consumers = service.catalog().consumers(stream);
  return static_cast<int32_t>(std::count_if(
      consumers.begin(), consumers.end(),
      [&](const auto& consumer) { return !is_gone(consumer->transition, context.now_ms); }));
}

}  // namespace

io::Task<aws::Result<api::DescribeStreamSummaryOutput>> describe_stream_summary(
    Service& service, const aws::RequestContext& context, api::DescribeStreamSummaryInput input) {
  auto found = service.find_stream_in_any_status(context, input.stream_name, input.stream_arn,
                                                 input.stream_id);
  if (!found) co_return found.take_error();
  const Stream& stream = **found;
  api::DescribeStreamSummaryOutput output;
  api::StreamDescriptionSummary& summary = output.stream_description_summary;
  summary.stream_name = stream.name;
  summary.stream_arn = stream.arn();
  summary.stream_id = stream.stream_id;
  summary.stream_status = stream.status(context.now_ms);
  summary.stream_mode_details = mode_details(stream);
  summary.retention_period_hours = stream.retention_hours;
  summary.stream_creation_timestamp = {stream.created_ms};
  summary.enhanced_monitoring = monitoring(stream);
  summary.encryption_type = stream.settings.encryption_type();
  summary.key_id = stream.settings.key_id;
  // A stream shows no shards until it is made.
  const bool creating = summary.stream_status == "CREATING";
  summary.open_shard_count = creating ? 0 : static_cast<int32_t>(stream.open_shards.size());
  summary.consumer_count = consumer_count(service, context, stream);
  summary.warm_throughput = warm_throughput(
      stream, service.catalog().account_settings(stream.account, stream.region), context.now_ms);
  summary.max_record_size_in_kib = stream.max_record_size_kib;
  if (stream.on_demand) {
    summary.record_distribution_strategy =
        stream.settings.spreads_evenly ? kEvenDistribution : kKeyDistribution;
  }
  co_return output;
}

}  // namespace millstream::kinesis::ops
