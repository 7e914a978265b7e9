#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millstream::logs {

// A log group's place: names are unique within an account and region.
struct GroupAddress {
  std::string account;
  std::string region;
  std::string name;
  auto operator<=>(const GroupAddress&) const = default;
};

// An event's place in its stream: by time, then in the order of arrival. The first sequence is 1.
struct EventPosition {
  int64_t timestamp_ms = 0;
  uint64_t sequence = 0;
  auto operator<=>(const EventPosition&) const = default;
};

// The service's keys (docs/formats/state/logs.md). All of a group's keys stand in the group's lane.
inline constexpr std::string_view kGroupPrefix = "lg";
inline constexpr std::string_view kStreamPrefix = "ls";
inline constexpr std::string_view kEventPrefix = "le";
inline constexpr std::string_view kRemovalPrefix = "lx";

std::string group_key(const GroupAddress& address);
// Nothing when `key` isn't a group's key.
std::optional<GroupAddress> parse_group_key(std::string_view key);
// Decides the lane of everything that belongs to the group.
uint64_t group_hash(const GroupAddress& address);

std::string stream_key(uint64_t group_id, std::string_view name);
struct StreamKey {
  uint64_t group_id;
  std::string_view name;
};
std::optional<StreamKey> parse_stream_key(std::string_view key);

std::string event_prefix(uint64_t group_id);
std::string event_prefix(uint64_t group_id, uint64_t stream_id);
std::string event_key(uint64_t group_id, uint64_t stream_id, EventPosition position);
std::optional<EventPosition> parse_event_position(std::string_view key);

// Stands while events remain of a group (stream_id 0) or a stream that was deleted.
std::string removal_key(uint64_t group_id, uint64_t stream_id);
struct Removal {
  uint64_t group_id;
  uint64_t stream_id;
};
std::optional<Removal> parse_removal_key(std::string_view key);

// "arn:aws:logs:REGION:ACCOUNT:log-group:NAME"; the older `arn` fields carry ":*" behind it.
std::string group_arn(const GroupAddress& address);
// A group's name out of its name or ARN (with or without ":*"), as logGroupIdentifier takes both.
std::string_view group_name_of_identifier(std::string_view identifier);

}  // namespace millstream::logs
