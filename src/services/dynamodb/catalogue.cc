#include "services/dynamodb/catalogue.h"

#include <mutex>

namespace millstream::dynamodb {

Catalogue::Catalogue(lanes::Lanes& lanes) : lanes_(lanes) {
  for (const std::string_view prefix : {kTablePrefix, kRemovalPrefix}) {
    lanes.observe(std::string(prefix),
                  [this](std::string_view key, std::optional<std::string_view> value) {
                    // Just encoded by this process.
                    CHECK(apply(key, value).ok());
                  });
  }
}

Result<> Catalogue::load() {
  for (const std::string_view prefix : {kTablePrefix, kRemovalPrefix}) {
    Result<> scanned = lanes_.scan_now(
        prefix, lanes::prefix_end(prefix),
        [this](std::string_view key, std::string_view value) { return apply(key, value); });
    if (!scanned) return scanned;
  }
  return {};
}

Result<> Catalogue::apply(std::string_view key, std::optional<std::string_view> value) {
  const Error unknown{ErrorCode::kCorruption, "a key of the table catalogue is damaged"};
  if (auto removal = parse_removal_key(key)) {
    std::unique_lock lock(mutex_);
    if (value) {
      removals_.insert(std::move(*removal));
    } else {
      removals_.erase(*removal);
    }
    return {};
  }
  auto address = parse_table_key(key);
  if (!address) return unknown;
  std::shared_ptr<const Table> table;
  if (value) {
    Result<Table> decoded = decode_table(*address, *value);
    if (!decoded) return decoded.take_error();
    table = std::make_shared<const Table>(decoded.take());
  }
  std::unique_lock lock(mutex_);
  auto& slot = tables_[*address];
  if (slot) ids_.erase(slot->id);
  slot = std::move(table);
  if (slot) {
    ids_.insert(slot->id);
  } else {
    tables_.erase(*address);
  }
  return {};
}

std::shared_ptr<const Table> Catalogue::find(const TableAddress& address) const {
  std::shared_lock lock(mutex_);
  const auto found = tables_.find(address);
  return found == tables_.end() ? nullptr : found->second;
}

bool Catalogue::has_id(uint64_t id) const {
  std::shared_lock lock(mutex_);
  return ids_.contains(id);
}

std::vector<std::string> Catalogue::names(std::string_view account, std::string_view region,
                                          std::string_view after, size_t limit) const {
  std::vector<std::string> names;
  std::shared_lock lock(mutex_);
  auto at = tables_.upper_bound({std::string(account), std::string(region), std::string(after)});
  for (; at != tables_.end() && names.size() < limit; ++at) {
    if (at->first.account != account || at->first.region != region) break;
    names.push_back(at->first.name);
  }
  return names;
}

std::vector<Removal> Catalogue::removals() const {
  std::shared_lock lock(mutex_);
  return {removals_.begin(), removals_.end()};
}

}  // namespace millstream::dynamodb
