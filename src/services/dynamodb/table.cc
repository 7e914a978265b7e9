#include "services/dynamodb/table.h"

#include "base/coding.h"
#include "base/document.h"
#include "base/hex.h"

namespace millstream::dynamodb {
namespace {

// As documents have them: the id in hexadecimal, types by their names.
struct StoredAttribute {
  std::string name;
  std::string type;
};
struct StoredTable {
  Table table;  // but for its address
  std::string id;
  StoredAttribute partition;
  std::optional<StoredAttribute> sort;
};

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<StoredAttribute>& attribute) {
  fields("name", attribute.name);
  fields("type", attribute.type);
}

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<StoredTable>& stored) {
  auto& table = stored.table;
  fields("id", stored.id);
  fields("uuid", table.uuid);
  fields("partition", stored.partition);
  fields("sort", stored.sort);
  fields("on_demand", table.on_demand);
  fields("read_units", table.read_units);
  fields("write_units", table.write_units);
  fields("created_ms", table.created_ms);
  fields("deletion_protection", table.deletion_protection);
  fields("table_class", table.table_class);
  fields("tags", table.tags);
}

StoredAttribute encode_attribute(const KeyAttribute& attribute) {
  return {attribute.name, std::string(type_name(attribute.type))};
}

KeyAttribute decode_attribute(const StoredAttribute& stored) {
  return {stored.name, type_from_name(stored.type).value_or(ValueType::kS)};
}

std::string encode_id(uint64_t id) {
  std::string bytes;
  append_big(id, &bytes);
  return to_hex(bytes);
}

uint64_t decode_id(const std::string& text) {
  const auto bytes = from_hex(text);
  return bytes && bytes->size() == sizeof(uint64_t) ? load_big<uint64_t>(bytes->data()) : 0;
}

}  // namespace

std::string Table::arn() const {
  return "arn:aws:dynamodb:" + address.region + ":" + address.account + ":table/" + address.name;
}

bool Table::is_key(std::string_view attribute) const {
  return attribute == key.partition.name || (key.sort && attribute == key.sort->name);
}

std::string encode_table(const Table& table) {
  StoredTable stored{table, encode_id(table.id), encode_attribute(table.key.partition), {}};
  if (table.key.sort) stored.sort = encode_attribute(*table.key.sort);
  return write_document(stored);
}

Result<Table> decode_table(TableAddress address, std::string_view bytes) {
  auto stored = parse_document<StoredTable>(bytes, "table " + address.name);
  if (!stored) return stored.take_error();
  Table& table = stored->table;
  table.id = decode_id(stored->id);
  table.address = std::move(address);
  table.key.partition = decode_attribute(stored->partition);
  if (stored->sort) table.key.sort = decode_attribute(*stored->sort);
  return std::move(table);
}

}  // namespace millstream::dynamodb
