#include "services/logs/documents.h"

#include <nlohmann/json.hpp>

#include "base/coding.h"

namespace millstream::logs {
namespace {

constexpr int kVersion = 1;

Error corruption(std::string_view what) {
  return {ErrorCode::kCorruption, "a stored log " + std::string(what) + " can't be read"};
}

// The document, or nothing when it isn't an object of our version.
std::optional<nlohmann::json> parse(std::string_view text) {
  auto document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_object() || document.value("v", 0) != kVersion) return std::nullopt;
  return document;
}

template <class Integer>
std::optional<Integer> optional_integer(const nlohmann::json& document, const char* name) {
  const auto at = document.find(name);
  if (at == document.end() || !at->is_number_integer()) return std::nullopt;
  return at->get<Integer>();
}

}  // namespace

std::string encode(const GroupDocument& document) {
  nlohmann::json out = {
      {"v", kVersion}, {"id", document.id}, {"creation_ms", document.creation_ms}};
  if (document.retention_days) out["retention_days"] = *document.retention_days;
  if (!document.tags.empty()) out["tags"] = document.tags;
  return out.dump();
}

std::string encode(const StreamDocument& document) {
  nlohmann::json out = {{"v", kVersion},
                        {"id", document.id},
                        {"creation_ms", document.creation_ms},
                        {"last_sequence", document.last_sequence},
                        {"stored_bytes", document.stored_bytes}};
  if (document.first_event_ms) out["first_event_ms"] = *document.first_event_ms;
  if (document.last_event_ms) out["last_event_ms"] = *document.last_event_ms;
  if (document.last_ingestion_ms) out["last_ingestion_ms"] = *document.last_ingestion_ms;
  return out.dump();
}

Result<GroupDocument> decode_group(std::string_view text) {
  const auto json = parse(text);
  const auto id = json ? optional_integer<uint64_t>(*json, "id") : std::nullopt;
  const auto creation = json ? optional_integer<int64_t>(*json, "creation_ms") : std::nullopt;
  if (!id || !creation) return corruption("group");
  GroupDocument document{.id = *id, .creation_ms = *creation};
  document.retention_days = optional_integer<int32_t>(*json, "retention_days");
  if (const auto tags = json->find("tags"); tags != json->end() && tags->is_object()) {
    for (const auto& [key, value] : tags->items()) {
      if (!value.is_string()) return corruption("group");
      document.tags[key] = value.get<std::string>();
    }
  }
  return document;
}

Result<StreamDocument> decode_stream(std::string_view text) {
  const auto json = parse(text);
  const auto id = json ? optional_integer<uint64_t>(*json, "id") : std::nullopt;
  const auto creation = json ? optional_integer<int64_t>(*json, "creation_ms") : std::nullopt;
  const auto sequence = json ? optional_integer<uint64_t>(*json, "last_sequence") : std::nullopt;
  if (!id || !creation || !sequence) return corruption("stream");
  StreamDocument document{.id = *id, .creation_ms = *creation, .last_sequence = *sequence};
  document.first_event_ms = optional_integer<int64_t>(*json, "first_event_ms");
  document.last_event_ms = optional_integer<int64_t>(*json, "last_event_ms");
  document.last_ingestion_ms = optional_integer<int64_t>(*json, "last_ingestion_ms");
  document.stored_bytes = optional_integer<int64_t>(*json, "stored_bytes").value_or(0);
  return document;
}

std::string encode_event(int64_t ingestion_ms, std::string_view message) {
  std::string value;
  value.reserve(10 + message.size());
  append_varint(static_cast<uint64_t>(ingestion_ms), &value);
  value.append(message);
  return value;
}

Result<StoredEvent> decode_event(std::string_view value) {
  ByteReader reader(value);
  const auto ingestion = reader.varint();
  if (!ingestion) return corruption("event");
  return StoredEvent{static_cast<int64_t>(*ingestion), reader.rest()};
}

}  // namespace millstream::logs
