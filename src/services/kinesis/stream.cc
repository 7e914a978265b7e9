#include "services/kinesis/stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/check.h"
#include "base/document.h"
#include "services/kinesis/sequence_number.h"

namespace millstream::kinesis {
namespace {

// As documents have them: hash keys are decimal.
struct StoredShard {
  std::string starting_hash_key;
  std::string ending_hash_key;
  int64_t created_seconds = 0;
};
struct StoredStream {
  Stream stream;
  std::vector<StoredShard> shards;
};

template <class Fields>
void each_element(Fields& elements, typename Fields::template Of<StoredShard>& shard) {
  elements(shard.starting_hash_key);
  elements(shard.ending_hash_key);
  elements(shard.created_seconds);
}

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<StoredStream>& stored) {
  auto& stream = stored.stream;
  fields("account", stream.account);
  fields("region", stream.region);
  fields("name", stream.name);
  fields("id", stream.id);
  fields("stream_id", stream.stream_id);
  fields("on_demand", stream.on_demand);
  fields("created_ms", stream.created_ms);
  fields("retention_hours", stream.retention_hours);
  fields("max_record_size_kib", stream.max_record_size_kib);
  fields("tags", stream.tags);
  fields("shards", stored.shards);
}

}  // namespace

void Shard::append_id(std::string* out) const {
  char digits[12];
  uint32_t rest = index;
  for (size_t i = sizeof digits; i-- > 0; rest /= 10)
    digits[i] = static_cast<char>('0' + rest % 10);
  out->append("shardId-").append(digits, sizeof digits);
}

std::string Shard::id() const {
  std::string text;
  append_id(&text);
  return text;
}

std::string Shard::starting_sequence_number() const {
  return to_text({.shard_created_seconds = created_seconds,
                  .shard_index = index,
                  .sequence = 0,
                  .arrival_seconds = created_seconds});
}

std::string Stream::arn() const {
  return fmt::format("arn:aws:kinesis:{}:{}:stream/{}", region, account, name);
}

const Shard& Stream::shard_for(HashKey hash) const {
  const auto found = std::partition_point(shards.begin(), shards.end(), [hash](const Shard& shard) {
    return shard.ending_hash_key < hash;
  });
  CHECK(found != shards.end());
  return *found;
}

const Shard* Stream::find_shard(std::string_view shard_id) const {
  constexpr std::string_view kPrefix = "shardId-";
  if (shard_id.starts_with(kPrefix)) shard_id.remove_prefix(kPrefix.size());
  uint32_t index = 0;
  const auto parsed = std::from_chars(shard_id.data(), shard_id.data() + shard_id.size(), index);
  if (shard_id.empty() || parsed.ec != std::errc() ||
      parsed.ptr != shard_id.data() + shard_id.size() || index >= shards.size()) {
    return nullptr;
  }
  return &shards[index];
}

std::vector<Shard> even_shards(int32_t count, int64_t created_ms) {
  CHECK(count > 0);
  // floor(2^128 / count), which doesn't fit into 128 bits for one shard.
  const auto divisor = static_cast<HashKey>(count);
  const HashKey width = kHashKeyMax / divisor + (kHashKeyMax % divisor == divisor - 1 ? 1 : 0);
  std::vector<Shard> shards(static_cast<size_t>(count));
  for (size_t i = 0; i < shards.size(); ++i) {
    shards[i].index = static_cast<uint32_t>(i);
    shards[i].starting_hash_key = width * i;
    shards[i].ending_hash_key = i + 1 == shards.size() ? kHashKeyMax : width * (i + 1) - 1;
    shards[i].created_seconds = created_ms / 1000;
  }
  return shards;
}

std::string stream_key(std::string_view account, std::string_view region, std::string_view name) {
  return fmt::format("{}{}/{}/{}", kStreamKeyPrefix, account, region, name);
}

std::string to_document(const Stream& stream) {
  StoredStream stored{stream, {}};
  for (const Shard& shard : stream.shards) {
    stored.shards.push_back({to_decimal(shard.starting_hash_key), to_decimal(shard.ending_hash_key),
                             shard.created_seconds});
  }
  return write_document(stored);
}

Result<Stream> parse_stream(std::string_view document) {
  auto stored = parse_document<StoredStream>(document, "stream document");
  if (!stored) return stored.take_error();
  Stream& stream = stored->stream;
  for (const StoredShard& shard : stored->shards) {
    const auto start = parse_hash_key(shard.starting_hash_key);
    const auto end = parse_hash_key(shard.ending_hash_key);
    if (!start || !end) return Error{ErrorCode::kCorruption, "stream document: hash key"};
    stream.shards.push_back(
        {static_cast<uint32_t>(stream.shards.size()), *start, *end, shard.created_seconds});
  }
  if (stream.shards.empty()) return Error{ErrorCode::kCorruption, "stream document: no shards"};
  return std::move(stream);
}

}  // namespace millstream::kinesis
