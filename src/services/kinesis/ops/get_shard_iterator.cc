#include <fmt/format.h>

#include "services/kinesis/operations.gen.h"
#include "services/kinesis/sequence_number.h"
#include "services/kinesis/service.h"
#include "services/kinesis/shard_iterator.h"

namespace millstream::kinesis::ops {
namespace {

aws::Error contradicts(const std::string& type, std::string_view also) {
  return errors::invalid_argument_exception(fmt::format(
      "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and "
      "StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request "
      "specified {} and {} StartingSequenceNumber.",
      type, also));
}

// The shard's sequence that `text` stands for.
aws::Result<uint64_t> sequence_in(const Stream& stream, const Shard& shard,
                                  const std::string& text) {
  const auto number = parse_sequence_number(text);
  const auto invalid = [&](std::string_view why) {
    return errors::invalid_argument_exception(fmt::format(
        "StartingSequenceNumber {} used in GetShardIterator on shard {} in stream {} under account "
        "{} is invalid{}.",
        text, shard.id(), stream.name, stream.account, why));
  };
  if (!number) return invalid("");
  if (number->shard_index != shard.index) {
    return errors::invalid_argument_exception(fmt::format(
        "Invalid StartingSequenceNumber. It encodes shardId-{:012}, while it was used in a call to "
        "a shard with {}",
        number->shard_index, shard.id()));
  }
  if (number->shard_created_seconds != shard.created_seconds) {
    return invalid(" because it did not come from this stream");
  }
  return number->sequence;
}

}  // namespace

io::Task<aws::Result<api::GetShardIteratorOutput>> get_shard_iterator(
    Service& service, const aws::RequestContext& context, api::GetShardIteratorInput input) {
  auto stream = service.find_stream(context, input.stream_name, input.stream_arn, input.stream_id);
  if (!stream) co_return stream.take_error();
  const Shard* const shard = (*stream)->find_shard(input.shard_id, context.now_ms);
  if (!shard) {
    co_return errors::resource_not_found_exception(
        fmt::format("Shard {} in stream {} under account {} does not exist", input.shard_id,
                    (*stream)->name, (*stream)->account));
  }
  const std::string& type = input.shard_iterator_type;
  const bool by_number = type == "AT_SEQUENCE_NUMBER" || type == "AFTER_SEQUENCE_NUMBER";
  if (by_number && !input.starting_sequence_number) co_return contradicts(type, "no");
  if (!by_number && input.starting_sequence_number) co_return contradicts(type, "also a");
  if (type == "AT_TIMESTAMP" && !input.timestamp) {
    co_return errors::invalid_argument_exception(
        "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current "
        "request has no timestamp parameter.");
  }
  if (type == "AT_TIMESTAMP" && input.timestamp->ms > context.now_ms) {
    co_return errors::invalid_argument_exception(fmt::format(
        "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. "
        "timestampInMillis: {}, currentTimestampInMillis: {}",
        input.timestamp->ms, context.now_ms));
  }
  aws::Result<> checked = refuse_dry_run(input.dry_run);
  if (!checked) co_return checked.take_error();

  ShardIterator iterator{(*stream)->shard_key(*shard), 0, context.now_ms};
  if (by_number) {
    auto sequence = sequence_in(**stream, *shard, *input.starting_sequence_number);
    if (!sequence) co_return sequence.take_error();
    iterator.sequence = *sequence + (type == "AFTER_SEQUENCE_NUMBER" ? 1 : 0);
  } else if (type == "LATEST") {
    iterator.sequence = service.lanes().next_sequence(iterator.shard);
  } else if (type == "AT_TIMESTAMP") {
    auto sequence =
        co_await service.lanes().sequence_at(context.home, iterator.shard, input.timestamp->ms);
    if (!sequence) co_return aws::Error(sequence.take_error());
    iterator.sequence = *sequence;
  }
  api::GetShardIteratorOutput output;
  output.shard_iterator = to_text(iterator);
  co_return output;
}

}  // namespace millstream::kinesis::ops
