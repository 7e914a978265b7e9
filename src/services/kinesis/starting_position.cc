#include "services/kinesis/starting_position.h"

#include <fmt/format.h>

#include "services/kinesis/api.gen.h"
#include "services/kinesis/sequence_number.h"

namespace millstream::kinesis {
namespace {

aws::Error contradicts(const std::string& type, std::string_view also) {
  return errors::invalid_argument_exception(fmt::format(
      "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and "
      "StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request "
      "specified {} and {} StartingSequenceNumber.",
      type, also));
}

// The shard's sequence that `text` stands for.
aws::Result<uint64_t> sequence_in(const Stream& stream, const Shard& shard, const std::string& text,
                                  std::string_view operation) {
  const auto number = parse_sequence_number(text);
  const auto invalid = [&](std::string_view why) {
    return errors::invalid_argument_exception(fmt::format(
        "StartingSequenceNumber {} used in {} on shard {} in stream {} under account {} is "
        "invalid{}.",
        text, operation, shard.id(), stream.name, stream.account, why));
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

aws::Result<> check(const Position& position, int64_t now_ms) {
  const std::string& type = position.type;
  const bool by_number = type == "AT_SEQUENCE_NUMBER" || type == "AFTER_SEQUENCE_NUMBER";
  if (by_number && !position.sequence_number) return contradicts(type, "no");
  if (!by_number && position.sequence_number) return contradicts(type, "also a");
  if (type == "AT_TIMESTAMP" && !position.timestamp) {
    return errors::invalid_argument_exception(
        "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current "
        "request has no timestamp parameter.");
  }
  if (type == "AT_TIMESTAMP" && position.timestamp->ms > now_ms) {
    return errors::invalid_argument_exception(fmt::format(
        "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. "
        "timestampInMillis: {}, currentTimestampInMillis: {}",
        position.timestamp->ms, now_ms));
  }
  return {};
}

}  // namespace

io::Task<aws::Result<uint64_t>> find_sequence(Service& service, const aws::RequestContext& context,
                                              std::shared_ptr<const Stream> stream,
                                              const Shard& shard, Position position,
                                              std::string_view operation) {
  aws::Result<> checked = check(position, context.now_ms);
  if (!checked) co_return checked.take_error();
  const lanes::ShardKey key = stream->shard_key(shard);
  if (position.sequence_number) {
    auto sequence = sequence_in(*stream, shard, *position.sequence_number, operation);
    if (!sequence) co_return sequence.take_error();
    co_return *sequence + (position.type == "AFTER_SEQUENCE_NUMBER" ? 1 : 0);
  }
  if (position.type == "LATEST") co_return service.lanes().next_sequence(key);
  if (position.type != "AT_TIMESTAMP") co_return uint64_t{0};
  auto sequence = co_await service.lanes().sequence_at(context.home, key, position.timestamp->ms);
  if (!sequence) co_return aws::Error(sequence.take_error());
  co_return *sequence;
}

}  // namespace millstream::kinesis
