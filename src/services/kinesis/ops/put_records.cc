#include <fmt/format.h>

#include "services/kinesis/distribution.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/put.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {
namespace {

aws::Result<std::vector<PutEntry>> route_all(Service& service, const Stream& stream,
                                             const api::PutRecordsInput& input) {
  std::vector<PutEntry> entries(input.records.size());
  size_t bytes = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    const api::PutRecordsRequestEntry& record = input.records[i];
    if (record.partition_key) {
      entries[i].record.partition_key = *record.partition_key;
    } else {
      aws::Result<> keyed = require_distribution_key(
          stream, record.partition_key, fmt::format("records.{}.member.partitionKey", i + 1));
      if (!keyed) return keyed.take_error();
    }
    entries[i].record.data = record.data;
    bytes += entries[i].record.partition_key.size() + record.data.size();
    aws::Result<> routed =
        route_by_strategy(service, stream, record.explicit_hash_key, &entries[i]);
    if (!routed) return routed.take_error();
  }
  aws::Result<> checked = check_put_size(service.quotas(), entries.size(), bytes);
  if (!checked) return checked.take_error();
  return entries;
}

api::PutRecordsResultEntry result_of(const PutEntry& entry) {
  api::PutRecordsResultEntry result;
  if (!entry.error) {
    result.shard_id = shard_id_text(entry.shard_index);
    result.sequence_number = to_text(entry.sequence_number());
    return result;
  }
  const PutFailure failure = put_failure(*entry.error);
  result.error_code = failure.code;
  result.error_message = failure.message;
  return result;
}

}  // namespace

io::Task<aws::Result<api::PutRecordsOutput>> put_records(Service& service,
                                                         const aws::RequestContext& context,
                                                         api::PutRecordsInput input) {
  auto stream = service.find_stream(context, input.stream_name, input.stream_arn, input.stream_id);
  if (!stream) co_return stream.take_error();
  auto entries = route_all(service, **stream, input);
  if (!entries) co_return entries.take_error();
  aws::Result<> checked = refuse_dry_run(input.dry_run);
  if (!checked) co_return checked.take_error();

  co_await put_entries(service, context, *stream, *entries);
  api::PutRecordsOutput output;
  output.failed_record_count = 0;
  if ((*stream)->settings.key_id) output.encryption_type = "KMS";
  for (const PutEntry& entry : *entries) {
    if (entry.error) ++*output.failed_record_count;
    output.records.push_back(result_of(entry));
  }
  if (*output.failed_record_count > 0) log_put_failures(service, context, *entries);
  co_return output;
}

}  // namespace millstream::kinesis::ops
