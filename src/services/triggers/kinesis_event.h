#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "lanes/lanes.h"
#include "services/kinesis/stream.h"

namespace millstream::triggers {

// The most bytes that a function's event may have.
inline constexpr size_t kEventBytesMax = 6u << 20;

// Builds the event that a function gets for records of one shard: {"Records": [...]}, as the Lambda
// developer guide shows it under "Using Lambda with Kinesis".
class KinesisEvent {
 public:
  // `role_arn` is the function's role, given as the identity under which it was invoked.
  KinesisEvent(const kinesis::Stream& stream, const kinesis::Shard& shard, std::string role_arn);

  enum class Added {
    kYes,
    kFull,        // not added: the event would be too large; it may be given later
    kNeverFits,   // not added: even alone it is too large
    kUnreadable,  // not added: the payload is no Kinesis record's
  };
  Added add(const lanes::Record& record);
  [[nodiscard]] size_t record_count() const { return record_count_; }
  // The whole event.
  [[nodiscard]] std::string text() const;

 private:
  const int64_t shard_created_seconds_;
  const uint32_t shard_index_;
  const std::string shard_id_;
  std::string record_tail_;  // what every record ends with
  std::string records_;
  size_t record_count_ = 0;
};

}  // namespace millstream::triggers
