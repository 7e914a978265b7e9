#include "services/logs/catalogue.h"

#include "base/check.h"
#include "base/coding.h"

namespace millstream::logs {
namespace {

constexpr std::string_view kObserved[] = {kGroupPrefix, kStreamPrefix, kRemovalPrefix};

}  // namespace

Catalogue::Catalogue(lanes::Lanes& lanes) : lanes_(lanes) {
  for (const auto prefix : kObserved) {
    lanes.observe(std::string(prefix), [this](auto key, auto value) {
      // Written by this process a moment ago, so it can be read.
      CHECK(apply(key, value).ok());
    });
  }
}

Result<> Catalogue::load() {
  for (const auto prefix : kObserved) {
    Result<> loaded = lanes_.scan_now(prefix, lanes::prefix_end(prefix),
                                      [this](auto key, auto value) { return apply(key, value); });
    if (!loaded) return loaded;
  }
  return {};
}

Result<> Catalogue::apply(std::string_view key, std::optional<std::string_view> value) {
  const std::lock_guard lock(mutex_);
  if (key.starts_with(kGroupPrefix)) return apply_group(key, value);
  if (key.starts_with(kStreamPrefix)) return apply_stream(key, value);
  if (!value) {
    removals_.erase(std::string(key));
    return {};
  }
  if (value->size() != 8) return Error{ErrorCode::kCorruption, "a log removal can't be read"};
  removals_[std::string(key)] = load_big<uint64_t>(value->data());
  return {};
}

Result<> Catalogue::apply_group(std::string_view key, std::optional<std::string_view> value) {
  auto address = parse_group_key(key);
  if (!address) return Error{ErrorCode::kCorruption, "a log group's key can't be read"};
  if (!value) {
    if (const auto at = groups_.find(*address); at != groups_.end()) {
      streams_.erase(at->second.id);
      groups_.erase(at);
    }
    return {};
  }
  auto document = decode_group(*value);
  if (!document) return document.take_error();
  groups_[std::move(*address)] = document.take();
  return {};
}

Result<> Catalogue::apply_stream(std::string_view key, std::optional<std::string_view> value) {
  const auto parsed = parse_stream_key(key);
  if (!parsed) return Error{ErrorCode::kCorruption, "a log stream's key can't be read"};
  if (!value) {
    if (const auto at = streams_.find(parsed->group_id); at != streams_.end()) {
      at->second.erase(std::string(parsed->name));
      if (at->second.empty()) streams_.erase(at);
    }
    return {};
  }
  auto document = decode_stream(*value);
  if (!document) return document.take_error();
  streams_[parsed->group_id][std::string(parsed->name)] = document.take();
  return {};
}

std::optional<Group> Catalogue::find_group(const GroupAddress& address) const {
  const std::lock_guard lock(mutex_);
  const auto at = groups_.find(address);
  if (at == groups_.end()) return std::nullopt;
  return Group{at->first, at->second};
}

std::vector<Group> Catalogue::groups(std::string_view account, std::string_view region,
                                     std::string_view from) const {
  const std::lock_guard lock(mutex_);
  std::vector<Group> found;
  const GroupAddress start{std::string(account), std::string(region), std::string(from)};
  for (auto at = groups_.lower_bound(start); at != groups_.end(); ++at) {
    if (at->first.account != account || at->first.region != region) break;
    found.push_back({at->first, at->second});
  }
  return found;
}

std::vector<Group> Catalogue::groups_with_retention() const {
  const std::lock_guard lock(mutex_);
  std::vector<Group> found;
  for (const auto& [address, document] : groups_) {
    if (document.retention_days) found.push_back({address, document});
  }
  return found;
}

std::optional<Stream> Catalogue::find_stream(uint64_t group_id, std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto group = streams_.find(group_id);
  if (group == streams_.end()) return std::nullopt;
  const auto at = group->second.find(name);
  if (at == group->second.end()) return std::nullopt;
  return Stream{at->first, at->second};
}

std::vector<Stream> Catalogue::streams(uint64_t group_id, std::string_view prefix) const {
  const std::lock_guard lock(mutex_);
  std::vector<Stream> found;
  const auto group = streams_.find(group_id);
  if (group == streams_.end()) return found;
  for (auto at = group->second.lower_bound(prefix); at != group->second.end(); ++at) {
    if (!at->first.starts_with(prefix)) break;
    found.push_back({at->first, at->second});
  }
  return found;
}

int64_t Catalogue::stored_bytes(uint64_t group_id) const {
  const std::lock_guard lock(mutex_);
  int64_t total = 0;
  const auto group = streams_.find(group_id);
  if (group == streams_.end()) return 0;
  for (const auto& [name, document] : group->second) total += document.stored_bytes;
  return total;
}

std::vector<Catalogue::PendingRemoval> Catalogue::removals() const {
  const std::lock_guard lock(mutex_);
  std::vector<PendingRemoval> found;
  for (const auto& [key, hash] : removals_) {
    if (const auto removal = parse_removal_key(key)) found.push_back({*removal, hash});
  }
  return found;
}

}  // namespace millstream::logs
