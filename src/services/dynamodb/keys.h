#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lanes/lanes.h"
#include "services/dynamodb/model/value.h"
#include "services/dynamodb/table.h"

namespace millstream::dynamodb {

// The keys of the state (docs/formats/state/dynamodb.md).

inline constexpr std::string_view kTablePrefix = "dt";
inline constexpr std::string_view kRemovalPrefix = "dx";

// The table's document, and what stands in its place while a deleted table's items go. Both live in
// the lane of table_hash.
std::string table_key(const TableAddress& address);
std::string removal_key(const TableAddress& address, uint64_t id);
uint64_t table_hash(const TableAddress& address);
std::optional<TableAddress> parse_table_key(std::string_view key);
struct Removal {
  TableAddress address;
  uint64_t id;
  auto operator<=>(const Removal&) const = default;
};
std::optional<Removal> parse_removal_key(std::string_view key);

// How many items and bytes the table has in one lane.
std::string count_key(uint64_t table_id, lanes::LaneId lane);
std::string count_prefix(uint64_t table_id);

// Items: the table's id, the hash of id and partition key, the partition key, the sort key. So all
// of a partition key's items stand together, sorted, and a table is scanned in the order of its
// hashes.
std::string items_prefix(uint64_t table_id);
std::string items_prefix(uint64_t table_id, uint64_t hash);  // that hash and all above begin here
uint64_t partition_hash(uint64_t table_id, const Value& partition);
std::string partition_prefix(uint64_t table_id, const Value& partition);
std::string item_key(uint64_t table_id, const Value& partition, const Value* sort);
// The same of key bytes (append_key_bytes); no sort bytes in a table without a sort key.
uint64_t partition_hash(uint64_t table_id, std::string_view partition_bytes);
std::string item_key(uint64_t table_id, uint64_t hash, std::string_view partition_bytes,
                     std::string_view sort_bytes);
// The hash in an item's key, which decides its lane.
uint64_t hash_of_item_key(std::string_view key);

}  // namespace millstream::dynamodb
