#include "services/logs/keys.h"

#include "base/coding.h"
#include "base/digest.h"

namespace millstream::logs {
namespace {

constexpr size_t kEventKeyBytes = 2 + 8 + 8 + 8 + 8;
constexpr size_t kRemovalKeyBytes = 2 + 8 + 8;

}  // namespace

std::string group_key(const GroupAddress& address) {
  std::string key(kGroupPrefix);
  key.append(address.account).append("/").append(address.region).append("/").append(address.name);
  return key;
}

std::optional<GroupAddress> parse_group_key(std::string_view key) {
  if (!key.starts_with(kGroupPrefix)) return std::nullopt;
  key.remove_prefix(kGroupPrefix.size());
  const size_t first = key.find('/');
  if (first == key.npos) return std::nullopt;
  const size_t second = key.find('/', first + 1);
  if (second == key.npos) return std::nullopt;
  return GroupAddress{std::string(key.substr(0, first)),
                      std::string(key.substr(first + 1, second - first - 1)),
                      std::string(key.substr(second + 1))};
}

uint64_t group_hash(const GroupAddress& address) {
  return stable_hash(group_key(address));
}

std::string stream_key(uint64_t group_id, std::string_view name) {
  std::string key(kStreamPrefix);
  append_big(group_id, &key);
  key.append(name);
  return key;
}

std::optional<StreamKey> parse_stream_key(std::string_view key) {
  if (!key.starts_with(kStreamPrefix) || key.size() < kStreamPrefix.size() + 8) return std::nullopt;
  const char* id = key.data() + kStreamPrefix.size();
  return StreamKey{load_big<uint64_t>(id), key.substr(kStreamPrefix.size() + 8)};
}

std::string event_prefix(uint64_t group_id) {
  std::string key(kEventPrefix);
  append_big(group_id, &key);
  return key;
}

std::string event_prefix(uint64_t group_id, uint64_t stream_id) {
  std::string key = event_prefix(group_id);
  append_big(stream_id, &key);
  return key;
}

std::string event_key(uint64_t group_id, uint64_t stream_id, EventPosition position) {
  std::string key = event_prefix(group_id, stream_id);
  append_big(position.timestamp_ms, &key);
  append_big(position.sequence, &key);
  return key;
}

std::optional<EventPosition> parse_event_position(std::string_view key) {
  if (key.size() != kEventKeyBytes || !key.starts_with(kEventPrefix)) return std::nullopt;
  const char* at = key.data() + 2 + 8 + 8;
  return EventPosition{load_big<int64_t>(at), load_big<uint64_t>(at + 8)};
}

std::string removal_key(uint64_t group_id, uint64_t stream_id) {
  std::string key(kRemovalPrefix);
  append_big(group_id, &key);
  append_big(stream_id, &key);
  return key;
}

std::optional<Removal> parse_removal_key(std::string_view key) {
  if (key.size() != kRemovalKeyBytes || !key.starts_with(kRemovalPrefix)) return std::nullopt;
  return Removal{load_big<uint64_t>(key.data() + 2), load_big<uint64_t>(key.data() + 10)};
}

std::string group_arn(const GroupAddress& address) {
  return "arn:aws:logs:" + address.region + ":" + address.account + ":log-group:" + address.name;
}

std::string_view group_name_of_identifier(std::string_view identifier) {
  if (!identifier.starts_with("arn:")) return identifier;
  constexpr std::string_view kMarker = ":log-group:";
  const size_t at = identifier.find(kMarker);
  if (at == identifier.npos) return identifier;
  identifier.remove_prefix(at + kMarker.size());
  if (identifier.ends_with(":*")) identifier.remove_suffix(2);
  return identifier;
}

}  // namespace millstream::logs
