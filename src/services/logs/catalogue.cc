#include "services/logs/catalogue.h"

#include "base/coding.h"

namespace millstream::logs {
namespace {

Result<Group> parse_group(std::string_view key, std::string_view value) {
  auto address = parse_group_key(key);
  if (!address) return Error{ErrorCode::kCorruption, "a log group's key can't be read"};
  auto document = decode_group(value);
  if (!document) return document.take_error();
  return Group{std::move(*address), document.take()};
}

Result<Stream> parse_stream(std::string_view key, std::string_view value) {
  const auto parsed = parse_stream_key(key);
  if (!parsed) return Error{ErrorCode::kCorruption, "a log stream's key can't be read"};
  auto document = decode_stream(value);
  if (!document) return document.take_error();
  return Stream{std::string(parsed->name), document.take()};
}

Result<Catalogue::PendingRemoval> parse_removal(std::string_view key, std::string_view value) {
  const auto removal = parse_removal_key(key);
  if (!removal || value.size() != sizeof(uint64_t)) {
    return Error{ErrorCode::kCorruption, "a log removal can't be read"};
  }
  return Catalogue::PendingRemoval{*removal, load_big<uint64_t>(value.data())};
}

template <class Document>
std::optional<Document> copy(const std::shared_ptr<const Document>& document) {
  return document ? std::optional(*document) : std::nullopt;
}

template <class Document>
std::vector<Document> copies(const std::vector<std::shared_ptr<const Document>>& documents) {
  std::vector<Document> copied;
  copied.reserve(documents.size());
  for (const auto& document : documents) copied.push_back(*document);
  return copied;
}

}  // namespace

Catalogue::Catalogue(lanes::Lanes& lanes)
    : groups_(lanes, kGroupPrefix, parse_group),
      streams_(lanes, kStreamPrefix, parse_stream),
      removals_(lanes, kRemovalPrefix, parse_removal) {}

Result<> Catalogue::load() {
  Result<> loaded = groups_.load();
  if (loaded) loaded = streams_.load();
  if (loaded) loaded = removals_.load();
  return loaded;
}

std::optional<Group> Catalogue::find_group(const GroupAddress& address) const {
  return copy(groups_.find(group_key(address)));
}

std::vector<Group> Catalogue::groups(std::string_view account, std::string_view region,
                                     std::string_view from) const {
  const std::string prefix = group_key({std::string(account), std::string(region), ""});
  return copies(groups_.list(prefix + std::string(from), lanes::prefix_end(prefix)));
}

std::vector<Group> Catalogue::groups_with_retention() const {
  std::vector<Group> found;
  for (const auto& group : groups_.list(kGroupPrefix)) {
    if (group->document.retention_days) found.push_back(*group);
  }
  return found;
}

std::optional<Stream> Catalogue::find_stream(uint64_t group_id, std::string_view name) const {
  return copy(streams_.find(stream_key(group_id, name)));
}

std::vector<Stream> Catalogue::streams(uint64_t group_id, std::string_view prefix) const {
  return copies(streams_.list(stream_key(group_id, prefix)));
}

int64_t Catalogue::stored_bytes(uint64_t group_id) const {
  int64_t total = 0;
  for (const auto& stream : streams_.list(stream_key(group_id, ""))) {
    total += stream->document.stored_bytes;
  }
  return total;
}

std::vector<Catalogue::PendingRemoval> Catalogue::removals() const {
  return copies(removals_.list(kRemovalPrefix));
}

}  // namespace millstream::logs
