#include "services/dynamodb/plain_item.h"

#include <algorithm>

#include "aws/json/plain_object.h"
#include "base/base64.h"
#include "base/coding.h"
#include "services/dynamodb/keys.h"
#include "services/dynamodb/model/item_size.h"
#include "services/dynamodb/model/stored_tags.h"

namespace millstream::dynamodb {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr size_t kNameBytesMax = 255;
constexpr size_t kElementsMax = 127;  // their count is a varint of one byte

// An entry of a map that was written: where it stands, and its name and its key bytes in it.
struct Entry {
  size_t begin = 0;
  size_t end = 0;
  PlainItem::KeyAttribute key = {};

  void move_to(size_t place) {
    key.name_at += place - begin;
    key.bytes_at += place - begin;
    end += place - begin;
    begin = place;
  }
};

class PlainItemReader {
 public:
  std::optional<PlainItem> read(ondemand::value json) {
    item_.stored.push_back(kStoredVersion);
    if (!entries(json, 0)) return std::nullopt;
    return std::move(item_);
  }

 private:
  [[nodiscard]] size_t end() const { return item_.stored.size(); }
  [[nodiscard]] std::string_view name_of(const Entry& entry) const {
    return {item_.stored.data() + entry.key.name_at, entry.key.name_size};
  }

  // `level` is that of the value whose map it is; 0: of the item itself.
  bool entries(ondemand::value json, int level) {
    const size_t count_at = end();
    item_.stored.push_back(0);
    std::vector<Entry> entries;
    const auto member = [&](std::string_view name, ondemand::value value) {
      if (name.empty() || name.size() > kNameBytesMax || entries.size() == kElementsMax) {
        return false;
      }
      Entry& entry = entries.emplace_back();
      entry.begin = end();
      append_prefixed(name, &item_.stored);
      entry.key.name_at = end() - name.size();
      entry.key.name_size = name.size();
      item_.size += name.size();
      if (!this->value(value, level + 1, &entry.key)) return false;
      entry.end = end();
      return true;
    };
    if (!aws::each_member(json, member)) return false;
    item_.stored[count_at] = static_cast<char>(entries.size());
    if (!put_in_order(&entries)) return false;
    if (level == 0) {
      item_.attributes = entries.size();
      for (const Entry& entry : entries) item_.key_attributes.push_back(entry.key);
    } else {
      item_.size += kDocumentOverhead + kElementOverhead * entries.size();
    }
    return true;
  }

  // By their names; false if two are the same.
  bool put_in_order(std::vector<Entry>* entries) {
    const auto before = [this](const Entry& left, const Entry& right) {
      return name_of(left) < name_of(right);
    };
    // Strictly rising, for most writers sort or have few.
    const auto turned = [&](const Entry& left, const Entry& right) { return !before(left, right); };
    if (std::adjacent_find(entries->begin(), entries->end(), turned) == entries->end()) return true;
    const size_t begin = entries->front().begin;
    std::sort(entries->begin(), entries->end(), before);
    if (std::adjacent_find(entries->begin(), entries->end(), turned) != entries->end())
      return false;
    std::string ordered;
    for (Entry& entry : *entries) {
      const std::string_view bytes(item_.stored.data() + entry.begin, entry.end - entry.begin);
      entry.move_to(begin + ordered.size());
      ordered.append(bytes);
    }
    item_.stored.replace(begin, ordered.size(), ordered);
    return true;
  }

  // An object with one member, the type's. `key`: filled in if it may be a key's.
  bool value(ondemand::value json, int level, PlainItem::KeyAttribute* key) {
    int members = 0;
    const auto member = [&](std::string_view name, ondemand::value value) {
      if (++members > 1) return false;
      const std::optional<ValueType> type = type_from_name(name);
      if (!type || !typed(*type, value, level)) return false;
      note_key(*type, key);
      return true;
    };
    return aws::each_member(json, member) && members == 1;
  }
  void note_key(ValueType type, PlainItem::KeyAttribute* key) const {
    key->type = type;
    key->bytes_at = end() - content_size_;
    key->bytes_size = content_size_;
  }

  bool typed(ValueType type, ondemand::value json, int level) {
    std::string_view text;
    bool flag = false;
    switch (type) {
      case ValueType::kS:
        return !json.get_string().get(text) && bytes(kStringTag, text);
      case ValueType::kN:
        return !json.get_string().get(text) && number(text);
      case ValueType::kB:
        return !json.get_string().get(text) && binary(text);
      case ValueType::kBool:
        return !json.get_bool().get(flag) && sign(flag ? kTrueTag : kFalseTag);
      case ValueType::kNull:
        return !json.get_bool().get(flag) && flag && sign(kNullTag);
      case ValueType::kM:
        item_.stored.push_back(kMapTag);
        return level < Value::kNestingMax && entries(json, level);
      case ValueType::kL:
        return level < Value::kNestingMax && list(json, level);
      default:
        return false;
    }
  }

  bool bytes(StoredTag tag, std::string_view content) {
    item_.stored.push_back(tag);
    append_prefixed(content, &item_.stored);
    item_.size += content.size();
    content_size_ = content.size();
    return true;
  }
  bool binary(std::string_view text) {
    const std::optional<std::string> content = base64_decode(text);
    return content && bytes(kBinaryTag, *content);
  }
  bool number(std::string_view text) {
    const Result<Number> number = Number::parse(text);
    if (!number) return false;
    item_.stored.push_back(kNumberTag);
    const size_t begin = end();
    number->append_key(&item_.stored);
    content_size_ = end() - begin;
    item_.size += number->size();
    return true;
  }
  // A value that is all in its tag.
  bool sign(StoredTag tag) {
    item_.stored.push_back(tag);
    ++item_.size;
    return true;
  }

  bool list(ondemand::value json, int level) {
    ondemand::array array;
    if (json.get_array().get(array)) return false;
    item_.stored.push_back(kListTag);
    const size_t count_at = end();
    item_.stored.push_back(0);
    size_t count = 0;
    for (auto element : array) {
      ondemand::value value;
      PlainItem::KeyAttribute no_key;
      if (count == kElementsMax || element.get(value)) return false;
      if (!this->value(value, level + 1, &no_key)) return false;
      ++count;
    }
    item_.stored[count_at] = static_cast<char>(count);
    item_.size += kDocumentOverhead + kElementOverhead * count;
    return true;
  }

  PlainItem item_;
  size_t content_size_ = 0;  // of the S, N or B that was written last: it ends what is written
};

// Nothing for what a key may not be.
std::optional<std::string_view> key_content(const PlainItem& item, const KeyAttribute& attribute,
                                            size_t bytes_max) {
  const auto bytes = item.key_bytes(attribute.name, attribute.type);
  if (!bytes || bytes->empty() || bytes->size() > bytes_max) return std::nullopt;
  return bytes;
}

}  // namespace

std::optional<std::string_view> PlainItem::key_bytes(std::string_view name, ValueType type) const {
  for (const KeyAttribute& key : key_attributes) {
    if (name != std::string_view(stored).substr(key.name_at, key.name_size)) continue;
    if (key.type != type) return std::nullopt;
    return std::string_view(stored).substr(key.bytes_at, key.bytes_size);
  }
  return std::nullopt;
}

std::optional<PlainItem> read_plain_item(ondemand::value json) {
  return PlainItemReader().read(json);
}

std::optional<ItemPlace> place_of_plain(const lanes::Lanes& lanes, const Table& table,
                                        const PlainItem& item, bool whole_key) {
  if (whole_key && item.attributes != (table.key.sort ? 2 : 1)) return std::nullopt;
  const auto partition = key_content(item, table.key.partition, kPartitionKeyBytesMax);
  std::optional<std::string_view> sort = "";
  if (table.key.sort) sort = key_content(item, *table.key.sort, kSortKeyBytesMax);
  if (!partition || !sort) return std::nullopt;
  const uint64_t hash = partition_hash(table.id, *partition);
  return ItemPlace{item_key(table.id, hash, *partition, *sort), lanes.lane_of(hash)};
}

}  // namespace millstream::dynamodb
