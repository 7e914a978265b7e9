#include "services/kinesis/hash_key.h"

#include <algorithm>

#include "base/digest.h"

namespace millstream::kinesis {

HashKey hash_of_partition_key(std::string_view partition_key) {
  HashKey hash = 0;
  for (unsigned char byte : md5(partition_key)) hash = hash << 8 | byte;
  return hash;
}

std::string to_decimal(HashKey key) {
  std::string text;
  do {
    text.push_back(static_cast<char>('0' + static_cast<int>(key % 10)));
    key /= 10;
  } while (key != 0);
  std::reverse(text.begin(), text.end());
  return text;
}

std::optional<HashKey> parse_hash_key(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  HashKey key = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<HashKey>(c - '0');
    if (key > (kHashKeyMax - digit) / 10) return std::nullopt;
    key = key * 10 + digit;
  }
  return key;
}

}  // namespace millstream::kinesis
