#include "services/dynamodb/item_key.h"

#include "services/dynamodb/keys.h"
#include "services/dynamodb/model/item_size.h"

namespace millstream::dynamodb {
namespace {

const Value* find_attribute(const Item& item, const std::string& name) {
  const auto found = item.find(name);
  return found == item.end() ? nullptr : &found->second;
}

// An attribute of a key, whose type fits.
aws::Result<> check_content(const Value& value, const std::string& name, bool partition) {
  if (value.type() == ValueType::kN) return {};
  const bool is_string = value.type() == ValueType::kS;
  const std::string& bytes = is_string ? value.as_string() : value.as_binary();
  if (bytes.empty()) {
    return aws::validation_error(
        std::string("One or more parameter values are not valid. The AttributeValue for a key "
                    "attribute cannot contain an empty ") +
        (is_string ? "string" : "binary") + " value. Key: " + name);
  }
  if (partition && bytes.size() > kPartitionKeyBytesMax) {
    return aws::validation_error(
        "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size "
        "limit of2048 bytes");
  }
  if (!partition && bytes.size() > kSortKeyBytesMax) {
    return aws::validation_error(
        "One or more parameter values were invalid: Aggregated size of all range keys has exceeded "
        "the size limit of 1024 bytes");
  }
  return {};
}

aws::Result<ItemPlace> checked_place(const lanes::Lanes& lanes, const Table& table,
                                     const Item& item) {
  const Value& partition = *find_attribute(item, table.key.partition.name);
  aws::Result<> content = check_content(partition, table.key.partition.name, true);
  if (!content) return content.take_error();
  const Value* sort = nullptr;
  if (table.key.sort) {
    sort = find_attribute(item, table.key.sort->name);
    content = check_content(*sort, table.key.sort->name, false);
    if (!content) return content.take_error();
  }
  return ItemPlace{item_key(table.id, partition, sort),
                   lanes.lane_of(partition_hash(table.id, partition))};
}

bool fits(const Item& item, const KeyAttribute& attribute) {
  const Value* value = find_attribute(item, attribute.name);
  return value != nullptr && value->type() == attribute.type;
}

aws::Result<> check_present(const Item& item, const KeyAttribute& attribute) {
  const Value* value = find_attribute(item, attribute.name);
  const std::string invalid = "One or more parameter values were invalid: ";
  if (value == nullptr) {
    return aws::validation_error(invalid + "Missing the key " + attribute.name + " in the item");
  }
  if (value->type() == attribute.type) return {};
  return aws::validation_error(invalid + "Type mismatch for key " + attribute.name +
                               " expected: " + std::string(type_name(attribute.type)) +
                               " actual: " + std::string(type_name(value->type())));
}

}  // namespace

aws::Result<ItemPlace> place_of_key(const lanes::Lanes& lanes, const Table& table,
                                    const Item& key) {
  const size_t attributes = table.key.sort ? 2 : 1;
  if (key.size() != attributes || !fits(key, table.key.partition) ||
      (table.key.sort && !fits(key, *table.key.sort))) {
    return aws::validation_error("The provided key element does not match the schema");
  }
  return checked_place(lanes, table, key);
}

aws::Result<ItemPlace> place_of_item(const lanes::Lanes& lanes, const Table& table,
                                     const Item& item) {
  aws::Result<> present = check_present(item, table.key.partition);
  if (!present) return present.take_error();
  if (table.key.sort) {
    present = check_present(item, *table.key.sort);
    if (!present) return present.take_error();
  }
  return checked_place(lanes, table, item);
}

Item key_of_item(const Table& table, const Item& item) {
  Item key;
  key.emplace(table.key.partition.name, item.at(table.key.partition.name));
  if (table.key.sort) key.emplace(table.key.sort->name, item.at(table.key.sort->name));
  return key;
}

}  // namespace millstream::dynamodb
