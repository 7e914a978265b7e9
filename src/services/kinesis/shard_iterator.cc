#include "services/kinesis/shard_iterator.h"

#include "base/base64.h"
#include "base/coding.h"
#include "base/digest.h"

namespace millstream::kinesis {
namespace {

constexpr uint64_t kVersion = 1;

}  // namespace

std::string to_text(const ShardIterator& iterator) {
  std::string bytes;
  append_big(kVersion, &bytes);
  append_big(iterator.shard.stream, &bytes);
  append_big(iterator.shard.shard, &bytes);
  append_big(iterator.sequence, &bytes);
  append_big(iterator.created_ms, &bytes);
  append_big(crc32c(bytes), &bytes);
  return base64_encode(bytes);
}

std::optional<ShardIterator> parse_shard_iterator(std::string_view text) {
  const auto bytes = base64_decode(text);
  if (!bytes) return std::nullopt;
  ByteReader reader(*bytes);
  const auto version = reader.big<uint64_t>();
  const auto stream = reader.big<uint64_t>();
  const auto shard = reader.big<uint32_t>();
  const auto sequence = reader.big<uint64_t>();
  const auto created_ms = reader.big<int64_t>();
  const size_t checked = bytes->size() - reader.rest().size();
  const auto checksum = reader.big<uint32_t>();
  if (!checksum || !reader.empty() || *version != kVersion ||
      *checksum != crc32c(std::string_view(*bytes).substr(0, checked))) {
    return std::nullopt;
  }
  return ShardIterator{{*stream, *shard}, *sequence, *created_ms};
}

}  // namespace millstream::kinesis
