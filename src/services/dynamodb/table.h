#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "services/dynamodb/model/key_condition.h"

namespace millstream::dynamodb {

// Which table: names are unique per account and region.
struct TableAddress {
  std::string account;
  std::string region;
  std::string name;
  auto operator<=>(const TableAddress&) const = default;
};

// A table as it is stored and described. Immutable once it is in the catalogue.
struct Table {
  uint64_t id = 0;  // drawn at random: a name used again is another table
  TableAddress address;
  std::string uuid;  // TableId
  KeySchema key;
  bool on_demand = false;
  int64_t read_units = 0;  // provisioned; 0 on demand
  int64_t write_units = 0;
  int64_t created_ms = 0;
  bool deletion_protection = false;
  std::string table_class;  // empty: not said
  std::map<std::string, std::string> tags;

  [[nodiscard]] std::string arn() const;
  // Whether `attribute` is part of the key.
  [[nodiscard]] bool is_key(std::string_view attribute) const;
};

// The stored form, JSON (docs/formats/state/dynamodb.md). The address comes from the key.
std::string encode_table(const Table& table);
Result<Table> decode_table(TableAddress address, std::string_view bytes);

}  // namespace millstream::dynamodb
