#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millstream::kinesis {

// A record's sequence number as clients see it: 56 decimal digits that stand for 188 bits, highest
// first:
//    4 bits  2
//   36 bits  when the shard was made, in seconds
//    4 bits  the shard's index, lowest digit
//   64 bits  the record's sequence in its shard
//    8 bits  0
//   36 bits  when the record came, in seconds
//   32 bits  the shard's index
//    4 bits  2, the version
// So numbers of one shard rise with the sequence, and a number tells which shard it is of. The
// layout is the one that other servers found in AWS's numbers.
struct SequenceNumber {
  int64_t shard_created_seconds = 0;
  uint32_t shard_index = 0;
  uint64_t sequence = 0;
  int64_t arrival_seconds = 0;

  auto operator<=>(const SequenceNumber&) const = default;
};

std::string to_text(const SequenceNumber& number);
void append_text(const SequenceNumber& number, std::string* out);
// Nothing for a number of another form.
std::optional<SequenceNumber> parse_sequence_number(std::string_view text);

}  // namespace millstream::kinesis
