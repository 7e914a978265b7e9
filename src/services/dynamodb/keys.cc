#include "services/dynamodb/keys.h"

#include "base/coding.h"
#include "base/digest.h"
#include "services/dynamodb/model/item_codec.h"

namespace millstream::dynamodb {
namespace {

constexpr std::string_view kCountPrefix = "dn";
constexpr char kItemSpace = 'i';
constexpr size_t kHashAt = 1 + sizeof(uint64_t);

std::string address_text(const TableAddress& address) {
  return address.account + '/' + address.region + '/' + address.name;
}

std::optional<TableAddress> parse_address(std::string_view text) {
  const size_t region = text.find('/');
  if (region == std::string_view::npos) return std::nullopt;
  const size_t name = text.find('/', region + 1);
  if (name == std::string_view::npos) return std::nullopt;
  return TableAddress{std::string(text.substr(0, region)),
                      std::string(text.substr(region + 1, name - region - 1)),
                      std::string(text.substr(name + 1))};
}

}  // namespace

std::string table_key(const TableAddress& address) {
  return std::string(kTablePrefix) + address_text(address);
}

std::string removal_key(const TableAddress& address, uint64_t id) {
  std::string key(kRemovalPrefix);
  append_big(id, &key);
  return key + address_text(address);
}

uint64_t table_hash(const TableAddress& address) {
  return stable_hash(table_key(address));
}

std::optional<TableAddress> parse_table_key(std::string_view key) {
  if (!key.starts_with(kTablePrefix)) return std::nullopt;
  return parse_address(key.substr(kTablePrefix.size()));
}

std::optional<Removal> parse_removal_key(std::string_view key) {
  if (!key.starts_with(kRemovalPrefix)) return std::nullopt;
  ByteReader reader(key.substr(kRemovalPrefix.size()));
  const auto id = reader.big<uint64_t>();
  if (!id) return std::nullopt;
  auto address = parse_address(reader.rest());
  if (!address) return std::nullopt;
  return Removal{std::move(*address), *id};
}

std::string count_prefix(uint64_t table_id) {
  std::string key(kCountPrefix);
  append_big(table_id, &key);
  return key;
}

std::string count_key(uint64_t table_id, lanes::LaneId lane) {
  std::string key = count_prefix(table_id);
  append_big(static_cast<uint32_t>(lane), &key);
  return key;
}

std::string items_prefix(uint64_t table_id) {
  std::string key(1, kItemSpace);
  append_big(table_id, &key);
  return key;
}

std::string items_prefix(uint64_t table_id, uint64_t hash) {
  std::string key = items_prefix(table_id);
  append_big(hash, &key);
  return key;
}

uint64_t partition_hash(uint64_t table_id, std::string_view partition_bytes) {
  std::string bytes;
  append_big(table_id, &bytes);
  bytes.append(partition_bytes);
  return stable_hash(bytes);
}

uint64_t partition_hash(uint64_t table_id, const Value& partition) {
  std::string bytes;
  append_key_bytes(partition, &bytes);
  return partition_hash(table_id, bytes);
}

std::string partition_prefix(uint64_t table_id, const Value& partition) {
  std::string bytes;
  append_key_bytes(partition, &bytes);
  return item_key(table_id, partition_hash(table_id, bytes), bytes, "");
}

std::string item_key(uint64_t table_id, const Value& partition, const Value* sort) {
  std::string key = partition_prefix(table_id, partition);
  if (sort != nullptr) append_key_bytes(*sort, &key);
  return key;
}

std::string item_key(uint64_t table_id, uint64_t hash, std::string_view partition_bytes,
                     std::string_view sort_bytes) {
  std::string key = items_prefix(table_id, hash);
  append_prefixed(partition_bytes, &key);
  key.append(sort_bytes);
  return key;
}

uint64_t hash_of_item_key(std::string_view key) {
  CHECK(key.size() >= kHashAt + sizeof(uint64_t));
  return load_big<uint64_t>(key.data() + kHashAt);
}

}  // namespace millstream::dynamodb
