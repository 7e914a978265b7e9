#include "services/dynamodb/catalogue.h"

namespace millstream::dynamodb {
namespace {

Error damaged_key() {
  return {ErrorCode::kCorruption, "a key of the table catalogue is damaged"};
}

Result<Table> parse_table(std::string_view key, std::string_view value) {
  auto address = parse_table_key(key);
  if (!address) return damaged_key();
  return decode_table(std::move(*address), value);
}

// All that is to know stands in the key.
Result<Removal> parse_removal(std::string_view key, std::string_view) {
  auto removal = parse_removal_key(key);
  if (!removal) return damaged_key();
  return std::move(*removal);
}

}  // namespace

Catalogue::Catalogue(lanes::Lanes& lanes)
    : tables_(lanes, kTablePrefix, parse_table,
              [this](auto& before, auto& now) { ids_.change(before, now); }),
      removals_(lanes, kRemovalPrefix, parse_removal) {}

Result<> Catalogue::load() {
  Result<> loaded = tables_.load();
  return loaded ? removals_.load() : loaded;
}

std::shared_ptr<const Table> Catalogue::find(const TableAddress& address) const {
  return tables_.find(table_key(address));
}

std::vector<std::string> Catalogue::names(std::string_view account, std::string_view region,
                                          std::string_view after, size_t limit) const {
  const std::string prefix = table_key({std::string(account), std::string(region), ""});
  std::vector<std::string> names;
  for (const auto& table : tables_.list_behind(prefix, after, limit)) {
    names.push_back(table->address.name);
  }
  return names;
}

std::vector<Removal> Catalogue::removals() const {
  std::vector<Removal> removals;
  for (const auto& removal : removals_.list(kRemovalPrefix)) removals.push_back(*removal);
  return removals;
}

}  // namespace millstream::dynamodb
