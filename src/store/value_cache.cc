#include "store/value_cache.h"

#include <utility>

#include "base/check.h"

namespace millstream::store {
namespace {

constexpr size_t kValueShare = 8;  // of a part that one value may take at most

}  // namespace

// Other bits of the hash than the map's buckets use.
ValueCache::Part& ValueCache::part_of(std::string_view key) {
  return parts_[stable_hash(key) >> 48 & (kParts - 1)];
}

std::optional<std::string> ValueCache::find(std::string_view key, Ticket* ticket) {
  Part& part = part_of(key);
  const std::lock_guard lock(part.mutex);
  ticket->removals = part.removals;
  const auto found = part.by_key.find(key);
  if (found == part.by_key.end() || found->second->changes > 0) return std::nullopt;
  found->second->found = true;
  return found->second->value;
}

void ValueCache::fill(std::string_view key, std::string_view value, Ticket ticket) {
  if (value.size() > part_bytes_max_ / kValueShare) return;
  Part& part = part_of(key);
  const std::lock_guard lock(part.mutex);
  // A change since is an entry that is there, or one that went.
  if (part.closed || part.removals != ticket.removals || part.by_key.contains(key)) return;
  set_value(part, add(part, key), std::string(value));
  make_room(part);
}

void ValueCache::begin_change(std::string_view key) {
  Part& part = part_of(key);
  const std::lock_guard lock(part.mutex);
  const auto found = part.by_key.find(key);
  Entry& entry = found == part.by_key.end() ? add(part, key) : *found->second;
  ++entry.changes;
}

void ValueCache::end_change(std::string_view key, std::optional<std::string> value) {
  Part& part = part_of(key);
  const std::lock_guard lock(part.mutex);
  const auto found = part.by_key.find(key);
  CHECK(found != part.by_key.end() && found->second->changes > 0);
  if (--found->second->changes > 0) return;
  if (!value || part.closed || value->size() > part_bytes_max_ / kValueShare) {
    remove(part, found->second);
    return;
  }
  set_value(part, *found->second, std::move(*value));
  make_room(part);
}

void ValueCache::close() {
  for (Part& part : parts_) {
    const std::lock_guard lock(part.mutex);
    part.closed = true;
    for (auto at = part.entries.begin(); at != part.entries.end();) {
      const auto entry = at++;
      if (entry->changes == 0) remove(part, entry);
    }
  }
}

size_t ValueCache::bytes() const {
  size_t bytes = 0;
  for (const Part& part : parts_) {
    const std::lock_guard lock(part.mutex);
    bytes += part.bytes;
  }
  return bytes;
}

ValueCache::Entry& ValueCache::add(Part& part, std::string_view key) {
  // Behind the hand: looked at last.
  const auto entry = part.entries.insert(part.hand, Entry{.key = std::string(key), .value = {}});
  part.by_key.emplace(entry->key, entry);
  part.bytes += entry->bytes();
  return *entry;
}

void ValueCache::remove(Part& part, Entries::iterator entry) {
  if (part.hand == entry) ++part.hand;
  part.bytes -= entry->bytes();
  part.by_key.erase(entry->key);
  part.entries.erase(entry);
  ++part.removals;
}

void ValueCache::set_value(Part& part, Entry& entry, std::string value) {
  part.bytes -= entry.bytes();
  entry.value = std::move(value);
  part.bytes += entry.bytes();
}

void ValueCache::make_room(Part& part) const {
  // Two rounds at most: the first one takes the marks away, and what changes stays.
  for (size_t looks = 2 * part.entries.size(); part.bytes > part_bytes_max_ && looks > 0; --looks) {
    if (part.hand == part.entries.end()) part.hand = part.entries.begin();
    const auto entry = part.hand++;
    if (entry->changes > 0) continue;
    if (!std::exchange(entry->found, false)) remove(part, entry);
  }
}

}  // namespace millstream::store
