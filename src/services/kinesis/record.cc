#include "services/kinesis/record.h"

#include <cstring>

#include "base/coding.h"

namespace millstream::kinesis {
namespace {

// Partition keys have at most 256 characters, 1,024 bytes: two bytes of varint at the most.
size_t length_size(size_t length) {
  return length < 0x80 ? 1 : 2;
}

}  // namespace

size_t encoded_size(const RecordPayload& record) {
  return length_size(record.partition_key.size()) + record.partition_key.size() +
         record.data.size();
}

void encode(const RecordPayload& record, char* out) {
  const size_t length = record.partition_key.size();
  if (length_size(length) == 2) {
    *out++ = static_cast<char>(length | 0x80);
    *out++ = static_cast<char>(length >> 7);
  } else {
    *out++ = static_cast<char>(length);
  }
  std::memcpy(out, record.partition_key.data(), length);
  if (!record.data.empty()) std::memcpy(out + length, record.data.data(), record.data.size());
}

std::optional<RecordPayload> decode_record(std::string_view payload) {
  ByteReader reader(payload);
  const auto partition_key = reader.prefixed();
  if (!partition_key) return std::nullopt;
  return RecordPayload{*partition_key, reader.rest()};
}

}  // namespace millstream::kinesis
