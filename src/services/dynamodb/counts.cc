#include "services/dynamodb/counts.h"

#include "base/coding.h"
#include "lanes/stored_document.h"
#include "services/dynamodb/keys.h"

namespace millstream::dynamodb {

std::string encode_counts(const Counts& counts) {
  std::string bytes;
  append_little(counts.items, &bytes);
  append_little(counts.bytes, &bytes);
  return bytes;
}

Result<Counts> decode_counts(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto items = reader.little<int64_t>();
  const auto size = reader.little<int64_t>();
  if (!items || !size || !reader.empty()) {
    return Error{ErrorCode::kCorruption, "a table's counts are damaged"};
  }
  return Counts{*items, *size};
}

Result<> change_counts(lanes::Transaction& transaction, uint64_t table_id, const Counts& change) {
  if (change.items == 0 && change.bytes == 0) return {};
  const std::string key = count_key(table_id, transaction.lane());
  auto stored = lanes::get_document(transaction, key, decode_counts);
  if (!stored) return stored.take_error();
  Counts counts = stored->value_or(Counts{});
  counts.items += change.items;
  counts.bytes += change.bytes;
  transaction.put(key, encode_counts(counts));
  return {};
}

}  // namespace millstream::dynamodb
