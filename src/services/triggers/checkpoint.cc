#include "services/triggers/checkpoint.h"

#include "base/coding.h"

namespace millstream::triggers {

std::string_view processing_result_text(ProcessingResult result) {
  switch (result) {
    case ProcessingResult::kNone:
      return "No records processed";
    case ProcessingResult::kOk:
      return "OK";
    case ProcessingResult::kFunctionFailed:
      return "PROBLEM: Function call failed";
    case ProcessingResult::kStreamNotFound:
      return "PROBLEM: Stream not found";
    case ProcessingResult::kReadFailed:
      return "PROBLEM: The stream's records cannot be read";
    case ProcessingResult::kRecordTooLarge:
      return "PROBLEM: A record was discarded: it is larger than an event may be";
    case ProcessingResult::kRecordsExpired:
      return "PROBLEM: Records expired before the function processed them";
  }
  return "No records processed";
}

std::string checkpoint_key(lanes::ShardKey shard, std::string_view uuid) {
  std::string key(kCheckpointKeyPrefix);
  append_big(shard.stream, &key);
  append_big(shard.shard, &key);
  return key.append(uuid);
}

std::optional<CheckpointAddress> parse_checkpoint_key(std::string_view key) {
  if (!key.starts_with(kCheckpointKeyPrefix)) return std::nullopt;
  ByteReader reader(key.substr(kCheckpointKeyPrefix.size()));
  const auto stream = reader.big<uint64_t>();
  const auto shard = reader.big<uint32_t>();
  if (!shard) return std::nullopt;
  return CheckpointAddress{{*stream, *shard}, std::string(reader.rest())};
}

std::string encode(const Checkpoint& checkpoint) {
  std::string value;
  append_little(checkpoint.next_sequence, &value);
  append_little(static_cast<uint8_t>(checkpoint.result), &value);
  append_little(checkpoint.at_ms, &value);
  return value;
}

std::optional<Checkpoint> decode_checkpoint(std::string_view value) {
  ByteReader reader(value);
  const auto next_sequence = reader.little<uint64_t>();
  const auto result = reader.little<uint8_t>();
  const auto at_ms = reader.little<int64_t>();
  if (!at_ms || !reader.empty()) return std::nullopt;
  return Checkpoint{*next_sequence, static_cast<ProcessingResult>(*result), *at_ms};
}

}  // namespace millstream::triggers
