#include <fmt/format.h>

#include "services/kinesis/distribution.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/put.h"
#include "services/kinesis/sequence_number.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {
namespace {

// Records of a shard are numbered in the order in which they become durable, so the number to come
// behind must only be one that was given out: it is smaller than the next in any case.
aws::Result<> check_ordering(const Stream& stream, const aws::RequestContext& context,
                             const std::optional<std::string>& text) {
  if (!text) return {};
  const auto number = parse_sequence_number(*text);
  if (number && number->arrival_seconds <= context.now_ms / 1000) return {};
  return errors::invalid_argument_exception(fmt::format(
      "ExclusiveMinimumSequenceNumber {} used in PutRecord on stream {} under account {} is "
      "invalid.",
      *text, stream.name, stream.account));
}

}  // namespace

io::Task<aws::Result<api::PutRecordOutput>> put_record(Service& service,
                                                       const aws::RequestContext& context,
                                                       api::PutRecordInput input) {
  auto stream = service.find_stream(context, input.stream_name, input.stream_arn, input.stream_id);
  if (!stream) co_return stream.take_error();
  std::vector<PutEntry> entries(1);
  aws::Result<> checked = require_distribution_key(**stream, input.partition_key, "partitionKey");
  if (!checked) co_return checked.take_error();
  if (input.partition_key) entries[0].record.partition_key = *input.partition_key;
  entries[0].record.data = input.data;
  checked = route_by_strategy(service, **stream, input.explicit_hash_key, &entries[0]);
  if (checked) checked = check_ordering(**stream, context, input.sequence_number_for_ordering);
  if (checked) checked = refuse_dry_run(input.dry_run);
  if (!checked) co_return checked.take_error();

  co_await put_entries(service, context, *stream, entries);
  if (entries[0].error) co_return *entries[0].error;
  api::PutRecordOutput output;
  output.shard_id = shard_id_text(entries[0].shard_index);
  output.sequence_number = to_text(entries[0].sequence_number());
  if ((*stream)->settings.key_id) output.encryption_type = "KMS";
  co_return output;
}

}  // namespace millstream::kinesis::ops
