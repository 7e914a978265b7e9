#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace millstream::kinesis {

// A stream record's payload in its lane (docs/formats/effects.md): the partition key behind its
// length as a varint, then the data. Views into whatever was decoded.
struct RecordPayload {
  std::string_view partition_key;
  std::string_view data;
};

[[nodiscard]] size_t encoded_size(const RecordPayload& record);
// Writes encoded_size(record) bytes.
void encode(const RecordPayload& record, char* out);
// Nothing if the bytes are no record's.
std::optional<RecordPayload> decode_record(std::string_view payload);

}  // namespace millstream::kinesis
