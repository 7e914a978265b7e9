#include "services/dynamodb/table.h"

#include <nlohmann/json.hpp>

#include "base/coding.h"
#include "base/hex.h"

namespace millstream::dynamodb {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;

json encode_attribute(const KeyAttribute& attribute) {
  return {{"name", attribute.name}, {"type", type_name(attribute.type)}};
}

KeyAttribute decode_attribute(const json& document) {
  const auto type = type_from_name(document.at("type").get<std::string>());
  return {document.at("name").get<std::string>(), type.value_or(ValueType::kS)};
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
  json document = {{"v", kVersion},
                   {"id", encode_id(table.id)},
                   {"uuid", table.uuid},
                   {"partition", encode_attribute(table.key.partition)},
                   {"on_demand", table.on_demand},
                   {"read_units", table.read_units},
                   {"write_units", table.write_units},
                   {"created_ms", table.created_ms},
                   {"deletion_protection", table.deletion_protection},
                   {"table_class", table.table_class},
                   {"tags", table.tags}};
  if (table.key.sort) document["sort"] = encode_attribute(*table.key.sort);
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Table> decode_table(TableAddress address, std::string_view bytes) {
  const std::string where = "table " + address.name;
  try {
    const json document = json::parse(bytes);
    if (document.at("v") != kVersion) {
      return Error{ErrorCode::kUnsupported, where + " was written by a newer version"};
    }
    Table table{.id = decode_id(document.at("id").get<std::string>()),
                .address = std::move(address),
                .uuid = document.at("uuid").get<std::string>(),
                .on_demand = document.at("on_demand").get<bool>(),
                .read_units = document.at("read_units").get<int64_t>(),
                .write_units = document.at("write_units").get<int64_t>(),
                .created_ms = document.at("created_ms").get<int64_t>(),
                .deletion_protection = document.at("deletion_protection").get<bool>(),
                .table_class = document.at("table_class").get<std::string>(),
                .tags = document.at("tags").get<std::map<std::string, std::string>>()};
    table.key.partition = decode_attribute(document.at("partition"));
    if (document.contains("sort")) table.key.sort = decode_attribute(document.at("sort"));
    return table;
  } catch (const json::exception& problem) {
    return Error{ErrorCode::kCorruption, where + " is damaged: " + problem.what()};
  }
}

}  // namespace millstream::dynamodb
