#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millstream::kinesis {

// A place in a stream's hash space, 0 to 2^128-1.
using HashKey = unsigned __int128;

inline constexpr HashKey kHashKeyMax = ~HashKey{0};

// MD5 of the key's UTF-8 bytes, read as a big-endian number.
HashKey hash_of_partition_key(std::string_view partition_key);

std::string to_decimal(HashKey key);
// Nothing for what isn't a decimal number without leading zeros below 2^128.
std::optional<HashKey> parse_hash_key(std::string_view text);

}  // namespace millstream::kinesis
