#pragma once

#include <string>

#include "aws/error.h"
#include "lanes/lanes.h"
#include "services/dynamodb/model/value.h"
#include "services/dynamodb/table.h"

namespace millstream::dynamodb {

// Where one item stands.
struct ItemPlace {
  std::string key;
  lanes::LaneId lane;
};

// The place of the item that a Key parameter names: just the table's key attributes, of the right
// types, neither empty nor too long. Fails with AWS's message.
aws::Result<ItemPlace> place_of_key(const lanes::Lanes& lanes, const Table& table, const Item& key);
// The same of a whole item, whose messages differ.
aws::Result<ItemPlace> place_of_item(const lanes::Lanes& lanes, const Table& table,
                                     const Item& item);

// Only the attributes of the table's key, as LastEvaluatedKey gives them.
Item key_of_item(const Table& table, const Item& item);

}  // namespace millstream::dynamodb
