#include "services/kinesis/plain_put.h"

#include <simdjson.h>

#include <algorithm>

#include "aws/json/plain_object.h"
#include "base/base64.h"
#include "services/kinesis/limits.h"

namespace millstream::kinesis {
namespace {

namespace ondemand = simdjson::ondemand;

// Larger records are rare enough for the generated way.
constexpr size_t kDataTextMax = 1u << 20;

// A string's bytes as they stand in the body, escapes and all. False for another value.
bool take_text(ondemand::value json, std::string_view* text) {
  std::string_view token = json.raw_json_token();
  ondemand::raw_json_string consumed;  // the token alone only looks ahead
  if (json.get_raw_json_string().get(consumed)) return false;
  while (!token.empty() && token.back() != '"') token.remove_suffix(1);
  if (token.size() < 2 || token.front() != '"') return false;
  *text = token.substr(1, token.size() - 2);
  return true;
}

// No escapes, and no control characters, which JSON doesn't allow in a string.
bool stands_for_itself(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char byte) {
    return static_cast<unsigned char>(byte) < 0x20 || byte == '\\';
  });
}

bool is_stream_name(std::string_view text) {
  const auto allowed = [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '.' || byte == '-';
  };
  return !text.empty() && text.size() <= kStreamNameMax &&
         std::all_of(text.begin(), text.end(), allowed);
}

// A record whose data is still base64: what else may stand in a string is found when it is decoded.
struct TextRecord {
  std::string_view partition_key;
  std::string_view data;

  [[nodiscard]] bool whole() const {
    return !partition_key.empty() && partition_key.size() <= kPartitionKeyMax &&
           stands_for_itself(partition_key) && data.data() != nullptr &&
           data.size() <= kDataTextMax;
  }
};

class PlainReader {
 public:
  explicit PlainReader(std::string_view body) : body_(body) {}

  std::optional<PlainPut> record() {
    TextRecord record;
    const bool read =
        aws::each_member_of_body(body_, [&](std::string_view name, ondemand::value value) {
          return name == "StreamName" ? set(value, &put_.stream_name)
                                      : member(name, value, &record);
        });
    if (!read || !add(record)) return std::nullopt;
    return finish();
  }

  std::optional<PlainPut> records() {
    bool seen = false;
    const bool read =
        aws::each_member_of_body(body_, [&](std::string_view name, ondemand::value value) {
          if (name == "StreamName") return set(value, &put_.stream_name);
          return name == "Records" && !std::exchange(seen, true) && list(value);
        });
    if (!read || texts_.empty()) return std::nullopt;
    return finish();
  }

 private:
  bool list(ondemand::value json) {
    ondemand::array array;
    if (json.get_array().get(array)) return false;
    for (auto element : array) {
      ondemand::object object;
      if (texts_.size() == kPutRecordsMax || element.get_object().get(object)) return false;
      TextRecord record;
      const bool read = aws::each_member(object, [&](std::string_view name, ondemand::value value) {
        return member(name, value, &record);
      });
      if (!read || !add(record)) return false;
    }
    return true;
  }

  // A member that comes twice isn't of the usual form.
  static bool set(ondemand::value json, std::string_view* text) {
    return text->data() == nullptr && take_text(json, text);
  }
  static bool member(std::string_view name, ondemand::value value, TextRecord* record) {
    if (name == "Data") return set(value, &record->data);
    return name == "PartitionKey" && set(value, &record->partition_key);
  }
  bool add(const TextRecord& record) {
    texts_.push_back(record);
    return record.whole();
  }

  std::optional<PlainPut> finish() {
    if (!is_stream_name(put_.stream_name)) return std::nullopt;
    size_t bytes = 0;
    for (const TextRecord& record : texts_) bytes += base64_decoded_size_max(record.data.size());
    put_.data = std::make_unique_for_overwrite<char[]>(bytes);
    put_.records.reserve(texts_.size());
    char* at = put_.data.get();
    for (const TextRecord& record : texts_) {
      const std::optional<size_t> size = base64_decode_into(record.data, at);
      if (!size) return std::nullopt;
      put_.records.push_back({record.partition_key, {at, *size}});
      at += *size;
    }
    return std::move(put_);
  }

  const std::string_view body_;
  std::vector<TextRecord> texts_;
  PlainPut put_;
};

}  // namespace

std::optional<PlainPut> read_plain_put_record(std::string_view body) {
  return PlainReader(body).record();
}

std::optional<PlainPut> read_plain_put_records(std::string_view body) {
  return PlainReader(body).records();
}

}  // namespace millstream::kinesis
