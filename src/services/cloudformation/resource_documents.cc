#include "services/cloudformation/document_fields.h"
#include "services/cloudformation/documents.h"

namespace millstream::cloudformation {

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<PhysicalResource>& physical) {
  fields("id", physical.id);
  fields("properties", physical.properties);
  fields("attributes", physical.attributes);
}

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<PendingCall>& pending) {
  fields("action", pending.action);
  fields("token", pending.token);
  fields("target", pending.target);
}

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<ResourceDocument>& document) {
  fields("name", document.name);
  fields("type", document.type);
  fields("status", document.status);
  fields("status_reason", document.status_reason);
  fields("timestamp_ms", document.timestamp_ms);
  fields("operation_id", document.operation_id);
  fields("current", document.current);
  fields("before", document.before);
  fields("leftovers", document.leftovers);
  fields("pending", document.pending);
  fields("depends_on", document.depends_on);
  fields("deletion_policy", document.deletion_policy);
  fields("update_replace_policy", document.update_replace_policy);
  fields("metadata", document.metadata);
}

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<EventDocument>& document) {
  fields("id", document.id);
  fields("logical_id", document.logical_id);
  fields("physical_id", document.physical_id);
  fields("type", document.type);
  fields("status", document.status);
  fields("status_reason", document.status_reason);
  fields("properties", document.properties);
  fields("client_token", document.client_token);
  fields("operation_id", document.operation_id);
  fields("timestamp_ms", document.timestamp_ms);
}

std::string encode(const ResourceDocument& document) {
  return write_fields(versioned(), document);
}

Result<ResourceDocument> decode_resource(std::string_view text) {
  auto value = parse_versioned(text, "resource");
  if (!value) return value.take_error();
  auto document = read_fields<ResourceDocument>(*value);
  if (document.name.empty() || document.type.empty()) return damaged("resource");
  return document;
}

std::string encode(const EventDocument& document) {
  return write_fields(versioned(), document);
}

Result<EventDocument> decode_event(std::string_view text) {
  auto value = parse_versioned(text, "event");
  if (!value) return value.take_error();
  return read_fields<EventDocument>(*value);
}

}  // namespace millstream::cloudformation
