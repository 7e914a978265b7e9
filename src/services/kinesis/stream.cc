#include "services/kinesis/stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/check.h"
#include "base/document.h"
#include "services/kinesis/arn.h"
#include "services/kinesis/sequence_number.h"

namespace millstream::kinesis {
namespace {

// As documents have them: hash keys are decimal, and what most shards don't have is left out.
struct StoredLineage {
  uint32_t index = 0;
  int64_t opened_ms = 0;
  std::optional<uint32_t> parent;
  std::optional<uint32_t> adjacent_parent;
  std::optional<int64_t> closed_ms;
  std::optional<uint64_t> end_sequence;
};
struct StoredShard {
  std::string starting_hash_key;
  std::string ending_hash_key;
  int64_t created_seconds = 0;
  std::optional<StoredLineage> lineage;
};
struct StoredResharding {
  std::optional<int32_t> target_count;
  bool by_load = false;
  int64_t started_ms = 0;
  std::vector<uint32_t> parents;
  std::vector<StoredShard> children;
};
struct StoredStream {
  Stream stream;
  std::vector<StoredShard> shards;
  std::optional<StoredResharding> resharding;
  std::optional<StreamSettings> settings;  // documents of earlier versions have none
};

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<StoredLineage>& lineage) {
  fields("index", lineage.index);
  fields("opened_ms", lineage.opened_ms);
  fields("parent", lineage.parent);
  fields("adjacent_parent", lineage.adjacent_parent);
  fields("closed_ms", lineage.closed_ms);
  fields("end_sequence", lineage.end_sequence);
}

template <class Fields>
void each_element(Fields& elements, typename Fields::template Of<StoredShard>& shard) {
  elements(shard.starting_hash_key);
  elements(shard.ending_hash_key);
  elements(shard.created_seconds);
  elements(shard.lineage);
}

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<StoredResharding>& resharding) {
  fields("target_count", resharding.target_count);
  fields("by_load", resharding.by_load);
  fields("started_ms", resharding.started_ms);
  fields("parents", resharding.parents);
  fields("children", resharding.children);
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
  fields("resharding", stored.resharding);
  fields.unless_empty("shard_count_updates_ms", stream.shard_count_updates_ms);
  fields("settings", stored.settings);
  fields("transition", stream.transition);
}

StoredShard to_stored(const Shard& shard, size_t place) {
  StoredShard stored{to_decimal(shard.starting_hash_key), to_decimal(shard.ending_hash_key),
                     shard.created_seconds, std::nullopt};
  StoredLineage lineage{shard.index,           shard.opened_ms, shard.parent,
                        shard.adjacent_parent, std::nullopt,    std::nullopt};
  if (shard.closed) {
    lineage.closed_ms = shard.closed->at_ms;
    lineage.end_sequence = shard.closed->end_sequence;
  }
  if (shard.parent || shard.closed || shard.index != place) stored.lineage = lineage;
  return stored;
}

// A shard without a lineage was made with the stream, as the one at `place`.
std::optional<Shard> from_stored(const StoredShard& stored, const Stream& stream, size_t place) {
  const auto start = parse_hash_key(stored.starting_hash_key);
  const auto end = parse_hash_key(stored.ending_hash_key);
  if (!start || !end || *start > *end) return std::nullopt;
  Shard shard;
  shard.index = static_cast<uint32_t>(place);
  shard.starting_hash_key = *start;
  shard.ending_hash_key = *end;
  shard.created_seconds = stored.created_seconds;
  shard.opened_ms = stream.created_ms;
  if (!stored.lineage) return shard;
  const StoredLineage& lineage = *stored.lineage;
  shard.index = lineage.index;
  shard.opened_ms = lineage.opened_ms;
  shard.parent = lineage.parent;
  shard.adjacent_parent = lineage.adjacent_parent;
  if (lineage.closed_ms.has_value() != lineage.end_sequence.has_value()) return std::nullopt;
  if (lineage.closed_ms) shard.closed = {*lineage.closed_ms, *lineage.end_sequence};
  return shard;
}

std::vector<StoredShard> to_stored(const std::vector<Shard>& shards) {
  std::vector<StoredShard> stored;
  for (const Shard& shard : shards) stored.push_back(to_stored(shard, stored.size()));
  return stored;
}

std::optional<std::vector<Shard>> from_stored(const std::vector<StoredShard>& stored,
                                              const Stream& stream) {
  std::vector<Shard> shards;
  for (const StoredShard& each : stored) {
    const auto shard = from_stored(each, stream, shards.size());
    if (!shard) return std::nullopt;
    shards.push_back(*shard);
  }
  return shards;
}

}  // namespace

void append_shard_id(uint32_t index, std::string* out) {
  char digits[12];
  for (size_t i = sizeof digits; i-- > 0; index /= 10) {
    digits[i] = static_cast<char>('0' + index % 10);
  }
  out->append("shardId-").append(digits, sizeof digits);
}

std::string shard_id_text(uint32_t index) {
  std::string text;
  append_shard_id(index, &text);
  return text;
}

std::string Shard::id() const {
  return shard_id_text(index);
}

std::string Shard::starting_sequence_number() const {
  return to_text({.shard_created_seconds = created_seconds,
                  .shard_index = index,
                  .sequence = 0,
                  .arrival_seconds = created_seconds});
}

std::string Shard::ending_sequence_number() const {
  return to_text({.shard_created_seconds = created_seconds,
                  .shard_index = index,
                  .sequence = closed->end_sequence,
                  .arrival_seconds = closed->at_ms / 1000});
}

std::string Stream::arn() const {
  return stream_arn(region, account, name);
}

std::string Stream::key() const {
  return stream_key(account, region, name);
}

const Shard& Stream::shard_for(HashKey hash) const {
  const auto found =
      std::partition_point(open_shards.begin(), open_shards.end(),
                           [&](uint32_t place) { return shards[place].ending_hash_key < hash; });
  CHECK(found != open_shards.end());
  return shards[*found];
}

const Shard* Stream::shard_at(uint32_t index) const {
  const auto found = std::partition_point(
      shards.begin(), shards.end(), [index](const Shard& shard) { return shard.index < index; });
  return found != shards.end() && found->index == index ? &*found : nullptr;
}

bool Stream::is_expired(const Shard& shard, int64_t now_ms) const {
  return shard.closed && shard.closed->at_ms + int64_t{retention_hours} * 3'600'000 < now_ms;
}

const Shard* Stream::find_shard(std::string_view shard_id, int64_t now_ms) const {
  constexpr std::string_view kPrefix = "shardId-";
  if (shard_id.starts_with(kPrefix)) shard_id.remove_prefix(kPrefix.size());
  uint32_t index = 0;
  const auto parsed = std::from_chars(shard_id.data(), shard_id.data() + shard_id.size(), index);
  if (shard_id.empty() || parsed.ec != std::errc() ||
      parsed.ptr != shard_id.data() + shard_id.size()) {
    return nullptr;
  }
  const Shard* const shard = shard_at(index);
  return shard != nullptr && !is_expired(*shard, now_ms) ? shard : nullptr;
}

bool Stream::set_shards(std::vector<Shard> by_index) {
  std::vector<uint32_t> open;
  for (uint32_t place = 0; place < by_index.size(); ++place) {
    if (place > 0 && by_index[place].index <= by_index[place - 1].index) return false;
    if (by_index[place].is_open()) open.push_back(place);
  }
  std::sort(open.begin(), open.end(), [&](uint32_t left, uint32_t right) {
    return by_index[left].starting_hash_key < by_index[right].starting_hash_key;
  });
  HashKey next = 0;
  for (const uint32_t place : open) {
    if (by_index[place].starting_hash_key != next) return false;
    next = by_index[place].ending_hash_key + 1;
  }
  if (open.empty() || next != 0) return false;
  shards = std::move(by_index);
  open_shards = std::move(open);
  return true;
}

HashKey even_start(int32_t count, int32_t part) {
  CHECK(count > 0 && part < count);
  // floor(2^128 / count), which doesn't fit into 128 bits for one shard.
  const auto divisor = static_cast<HashKey>(count);
  const HashKey width = kHashKeyMax / divisor + (kHashKeyMax % divisor == divisor - 1 ? 1 : 0);
  return width * static_cast<HashKey>(part);
}

std::vector<Shard> even_shards(int32_t count, int64_t created_ms) {
  CHECK(count > 0);
  std::vector<Shard> shards(static_cast<size_t>(count));
  for (int32_t i = 0; i < count; ++i) {
    Shard& shard = shards[static_cast<size_t>(i)];
    shard.index = static_cast<uint32_t>(i);
    shard.starting_hash_key = even_start(count, i);
    shard.ending_hash_key = i + 1 == count ? kHashKeyMax : even_start(count, i + 1) - 1;
    shard.created_seconds = created_ms / 1000;
    shard.opened_ms = created_ms;
  }
  return shards;
}

std::string stream_key(std::string_view account, std::string_view region, std::string_view name) {
  return fmt::format("{}{}/{}/{}", kStreamKeyPrefix, account, region, name);
}

std::string to_document(const Stream& stream) {
  StoredStream stored{stream, to_stored(stream.shards), std::nullopt, stream.settings};
  if (stream.resharding) {
    const Resharding& under_way = *stream.resharding;
    stored.resharding = {under_way.target_count, under_way.by_load, under_way.started_ms,
                         under_way.round.parents, to_stored(under_way.round.children)};
  }
  return write_document(stored);
}

Result<Stream> parse_stream(std::string_view document) {
  auto stored = parse_document<StoredStream>(document, "stream document");
  if (!stored) return stored.take_error();
  Stream& stream = stored->stream;
  if (stored->settings) stream.settings = std::move(*stored->settings);
  auto shards = from_stored(stored->shards, stream);
  if (!shards || !stream.set_shards(std::move(*shards))) {
    return Error{ErrorCode::kCorruption, "stream document: shards"};
  }
  if (stored->resharding) {
    const StoredResharding& under_way = *stored->resharding;
    auto children = from_stored(under_way.children, stream);
    if (!children) return Error{ErrorCode::kCorruption, "stream document: children"};
    stream.resharding = {under_way.target_count,
                         under_way.by_load,
                         under_way.started_ms,
                         {under_way.parents, std::move(*children)}};
  }
  return std::move(stream);
}

}  // namespace millstream::kinesis
