#include "services/triggers/kinesis_event.h"

#include <fmt/format.h>

#include "base/base64.h"
#include "base/json_text.h"
#include "services/kinesis/record.h"
#include "services/kinesis/sequence_number.h"

namespace millstream::triggers {
namespace {

constexpr std::string_view kBegin = R"({"Records":[)";
constexpr std::string_view kEnd = "]}";

}  // namespace

KinesisEvent::KinesisEvent(const kinesis::Stream& stream, const kinesis::Shard& shard,
                           std::string role_arn)
    : shard_created_seconds_(shard.created_seconds),
      shard_index_(shard.index),
      shard_id_(shard.id()),
      record_tail_(fmt::format(
          R"(","eventName":"aws:kinesis:record","invokeIdentityArn":{},"awsRegion":{},"eventSourceARN":{}}})",
          json_string(role_arn), json_string(stream.region), json_string(stream.arn()))) {}

KinesisEvent::Added KinesisEvent::add(const lanes::Record& record) {
  const auto payload = kinesis::decode_record(record.payload);
  if (!payload) return Added::kUnreadable;
  const std::string number = kinesis::to_text({.shard_created_seconds = shard_created_seconds_,
                                               .shard_index = shard_index_,
                                               .sequence = record.sequence,
                                               .arrival_seconds = record.arrival_ms / 1000});
  const size_t before = records_.size();
  if (record_count_ > 0) records_.push_back(',');
  records_ += R"({"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":)";
  append_json_string(payload->partition_key, &records_);
  fmt::format_to(std::back_inserter(records_), R"(,"sequenceNumber":"{}","data":")", number);
  base64_append(payload->data, &records_);
  fmt::format_to(
      std::back_inserter(records_),
      R"(","approximateArrivalTimestamp":{}.{:03}}},"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"{}:{})",
      record.arrival_ms / 1000, record.arrival_ms % 1000, shard_id_, number);
  records_ += record_tail_;
  if (kBegin.size() + records_.size() + kEnd.size() > kEventBytesMax) {
    records_.resize(before);
    return record_count_ == 0 ? Added::kNeverFits : Added::kFull;
  }
  ++record_count_;
  return Added::kYes;
}

std::string KinesisEvent::text() const {
  std::string text;
  text.reserve(kBegin.size() + records_.size() + kEnd.size());
  return text.append(kBegin).append(records_).append(kEnd);
}

}  // namespace millstream::triggers
