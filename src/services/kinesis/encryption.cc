#include "services/kinesis/encryption.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/kinesis/api.gen.h"

namespace millstream::kinesis {
namespace {

constexpr std::string_view kHex = "0123456789abcdefABCDEF";

bool is_hex(std::string_view text) {
  return text.find_first_not_of(kHex) == text.npos;
}

// 12345678-1234-1234-1234-123456789012, or mrk- and 32 digits for a key of many regions.
bool is_key(std::string_view text) {
  if (text.starts_with("mrk-")) return text.size() == 36 && is_hex(text.substr(4));
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text.substr(i, 1))) return false;
  }
  return true;
}

bool is_alias(std::string_view text) {
  constexpr std::string_view kAlias = "alias/";
  if (!text.starts_with(kAlias) || text.size() == kAlias.size()) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-';
  });
}

// Records older than that are gone whatever the stream's retention: one day longer than the
// longest.
constexpr int64_t kHistoryMs = int64_t{8760 + 24} * 3'600'000;

void note_change(int64_t now_ms, bool encrypted, Stream* stream) {
  auto& changes = stream->settings.encryption_changes;
  // Of those that are older than every record, the last one still says how it was.
  while (changes.size() > 1 && changes[1].from_ms < now_ms - kHistoryMs) {
    changes.erase(changes.begin());
  }
  if (!changes.empty() && changes.back().encrypted == encrypted) return;
  changes.push_back({now_ms, encrypted});
}

aws::Error too_often(const Stream& stream, std::string_view what, int64_t limit) {
  return errors::limit_exceeded_exception(fmt::format(
      "{} of stream {} under account {} has reached the limit of {} in a rolling 24-hour "
      "period.",
      what, stream.name, stream.account, limit));
}

}  // namespace

bool is_key_id(std::string_view text) {
  if (is_key(text) || is_alias(text)) return true;
  // arn:aws:kms:<region>:<account>:key/<key> or alias/<name>
  if (!text.starts_with("arn:aws")) return false;
  std::string_view fields[5];
  for (std::string_view& field : fields) {
    const size_t colon = text.find(':');
    if (colon == text.npos) return false;
    field = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  const std::string_view account = fields[4];
  if (fields[2] != "kms" || fields[3].empty() || account.size() != 12 ||
      account.find_first_not_of("0123456789") != account.npos) {
    return false;
  }
  return is_alias(text) || (text.starts_with("key/") && is_key(text.substr(4)));
}

aws::Result<> check_encryption_type(std::string_view type, std::string_view operation) {
  if (type == "KMS") return {};
  return errors::invalid_argument_exception(fmt::format(
      "EncryptionType {} is not valid for {}. The only valid value is KMS.", type, operation));
}

aws::Result<> start_encryption(const Quotas& quotas, const std::string& key_id, int64_t now_ms,
                               Stream* stream) {
  if (!is_key_id(key_id)) return errors::kms_not_found_exception("Invalid keyId " + key_id);
  StreamSettings& settings = stream->settings;
  if (settings.key_id == key_id) return {};
  const int64_t changes_max = quotas[Quota::kKeyChanges];
  if (!count_in_day(now_ms, changes_max, &settings.key_changes_ms)) {
    return too_often(*stream, "StartStreamEncryption", changes_max);
  }
  settings.key_id = key_id;
  note_change(now_ms, true, stream);
  return {};
}

aws::Result<> stop_encryption(const Quotas& quotas, const std::string& key_id, int64_t now_ms,
                              Stream* stream) {
  StreamSettings& settings = stream->settings;
  if (!settings.key_id) return {};
  if (*settings.key_id != key_id) {
    return errors::invalid_argument_exception(
        fmt::format("Stream {} under account {} is not encrypted with the key {}.", stream->name,
                    stream->account, key_id));
  }
  const int64_t stops_max = quotas[Quota::kEncryptionStops];
  if (!count_in_day(now_ms, stops_max, &settings.encryption_stops_ms)) {
    return too_often(*stream, "StopStreamEncryption", stops_max);
  }
  settings.key_id.reset();
  note_change(now_ms, false, stream);
  return {};
}

}  // namespace millstream::kinesis
