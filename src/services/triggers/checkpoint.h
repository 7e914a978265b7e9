#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lanes/transaction.h"

namespace millstream::triggers {

// How the newest batch ended.
enum class ProcessingResult : uint8_t {
  kNone = 0,
  kOk = 1,
  kFunctionFailed = 2,
  kStreamNotFound = 3,
  kReadFailed = 4,
  kRecordTooLarge = 5,
  kRecordsExpired = 6,
};

// As LastProcessingResult gives it.
std::string_view processing_result_text(ProcessingResult result);

// How far a mapping came in one shard. Written in the shard's lane when a batch is done.
struct Checkpoint {
  uint64_t next_sequence = 0;  // the first that isn't done
  ProcessingResult result = ProcessingResult::kNone;
  int64_t at_ms = 0;
};

inline constexpr std::string_view kCheckpointKeyPrefix = "tc";
std::string checkpoint_key(lanes::ShardKey shard, std::string_view uuid);

struct CheckpointAddress {
  lanes::ShardKey shard;
  std::string uuid;
};
// What checkpoint_key was made from; nothing for another key.
std::optional<CheckpointAddress> parse_checkpoint_key(std::string_view key);

std::string encode(const Checkpoint& checkpoint);
std::optional<Checkpoint> decode_checkpoint(std::string_view value);

}  // namespace millstream::triggers
