#include "services/kinesis/list_shards_token.h"

#include "base/base64.h"
#include "base/coding.h"

namespace millstream::kinesis {

std::string to_text(const ListShardsToken& token) {
  std::string bytes;
  append_big(token.stream, &bytes);
  append_big(token.created_ms, &bytes);
  append_big(token.selection.from_ms, &bytes);
  append_big(token.selection.to_ms, &bytes);
  bytes += token.last_shard_id;
  return base64_encode(bytes);
}

std::optional<ListShardsToken> parse_list_shards_token(std::string_view text) {
  const auto bytes = base64_decode(text);
  if (!bytes) return std::nullopt;
  ByteReader reader(*bytes);
  const auto stream = reader.big<uint64_t>();
  const auto created_ms = reader.big<int64_t>();
  const auto from_ms = reader.big<int64_t>();
  const auto to_ms = reader.big<int64_t>();
  if (!to_ms || reader.empty()) return std::nullopt;
  return ListShardsToken{*stream, *created_ms, {*from_ms, *to_ms}, std::string(reader.rest())};
}

}  // namespace millstream::kinesis
