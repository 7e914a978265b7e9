#include "services/kinesis/stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/check.h"
#include "services/kinesis/sequence_number.h"

namespace millstream::kinesis {

std::string Shard::id() const {
  return fmt::format("shardId-{:012}", index);
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
  nlohmann::json shards = nlohmann::json::array();
  for (const Shard& shard : stream.shards) {
    shards.push_back({to_decimal(shard.starting_hash_key), to_decimal(shard.ending_hash_key),
                      shard.created_seconds});
  }
  const nlohmann::json document = {
      {"v", 1},
      {"account", stream.account},
      {"region", stream.region},
      {"name", stream.name},
      {"id", stream.id},
      {"stream_id", stream.stream_id},
      {"on_demand", stream.on_demand},
      {"created_ms", stream.created_ms},
      {"retention_hours", stream.retention_hours},
      {"max_record_size_kib", stream.max_record_size_kib},
      {"tags", stream.tags},
      {"shards", std::move(shards)},
  };
  return document.dump();
}

Result<Stream> parse_stream(std::string_view document) {
  try {
    const nlohmann::json json = nlohmann::json::parse(document);
    Stream stream;
    json.at("account").get_to(stream.account);
    json.at("region").get_to(stream.region);
    json.at("name").get_to(stream.name);
    json.at("id").get_to(stream.id);
    json.at("stream_id").get_to(stream.stream_id);
    json.at("on_demand").get_to(stream.on_demand);
    json.at("created_ms").get_to(stream.created_ms);
    json.at("retention_hours").get_to(stream.retention_hours);
    json.at("max_record_size_kib").get_to(stream.max_record_size_kib);
    json.at("tags").get_to(stream.tags);
    for (const nlohmann::json& entry : json.at("shards")) {
      const auto start = parse_hash_key(entry.at(0).get<std::string>());
      const auto end = parse_hash_key(entry.at(1).get<std::string>());
      if (!start || !end) return Error{ErrorCode::kCorruption, "stream document: hash key"};
      stream.shards.push_back(
          {static_cast<uint32_t>(stream.shards.size()), *start, *end, entry.at(2).get<int64_t>()});
    }
    if (stream.shards.empty()) return Error{ErrorCode::kCorruption, "stream document: no shards"};
    return stream;
  } catch (const nlohmann::json::exception& failure) {
    return Error{ErrorCode::kCorruption, std::string("stream document: ") + failure.what()};
  }
}

}  // namespace millstream::kinesis
