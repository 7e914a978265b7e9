#include "services/logs/documents.h"

#include "base/coding.h"
#include "base/document.h"

namespace millstream::logs {

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<GroupDocument>& document) {
  fields("id", document.id);
  fields("creation_ms", document.creation_ms);
  fields("retention_days", document.retention_days);
  fields.unless_empty("tags", document.tags);
}

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<StreamDocument>& document) {
  fields("id", document.id);
  fields("creation_ms", document.creation_ms);
  fields("last_sequence", document.last_sequence);
  fields("stored_bytes", document.stored_bytes);
  fields("first_event_ms", document.first_event_ms);
  fields("last_event_ms", document.last_event_ms);
  fields("last_ingestion_ms", document.last_ingestion_ms);
}

std::string encode(const GroupDocument& document) {
  return write_document(document);
}

std::string encode(const StreamDocument& document) {
  return write_document(document);
}

Result<GroupDocument> decode_group(std::string_view text) {
  return parse_document<GroupDocument>(text, "log group document");
}

Result<StreamDocument> decode_stream(std::string_view text) {
  return parse_document<StreamDocument>(text, "log stream document");
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
  if (!ingestion) return Error{ErrorCode::kCorruption, "a stored log event can't be read"};
  return StoredEvent{static_cast<int64_t>(*ingestion), reader.rest()};
}

}  // namespace millstream::logs
