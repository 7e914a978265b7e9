#pragma once

#include <simdjson.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lanes/lanes.h"
#include "services/dynamodb/item_key.h"
#include "services/dynamodb/model/value.h"
#include "services/dynamodb/table.h"

namespace millstream::dynamodb {

// An item read from the wire straight into its bytes in the state.
struct PlainItem {
  // Where an attribute's name and, if it is of type S, N or B, its key bytes (append_key_bytes)
  // stand in `stored`.
  struct KeyAttribute {
    ValueType type;
    size_t name_at, name_size;
    size_t bytes_at, bytes_size;
  };

  std::string stored;  // as encode_item writes it
  size_t size = 0;     // as item_size counts it
  size_t attributes = 0;
  std::vector<KeyAttribute> key_attributes;

  // The key bytes of the attribute; nothing if there is none of this name and type. `type` is one
  // that a key may have.
  [[nodiscard]] std::optional<std::string_view> key_bytes(std::string_view name,
                                                          ValueType type) const;
};

// Nothing for an item of an unusual form: with sets, with names longer than 255 bytes, with more
// than 127 elements in one of its maps and lists, with values that break a rule or carry more than
// their type. The generated codec and read_json then say what it is.
std::optional<PlainItem> read_plain_item(simdjson::ondemand::value json);

// Where `item` stands, or (`whole_key`) where the item stands that it is the key of. Nothing if it
// doesn't fit the table: place_of_item and place_of_key then say why.
std::optional<ItemPlace> place_of_plain(const lanes::Lanes& lanes, const Table& table,
                                        const PlainItem& item, bool whole_key);

}  // namespace millstream::dynamodb
