#include "services/cloudformation/documents.h"
#include "services/cloudformation/fields.h"

namespace millstream::cloudformation {
namespace {

Value from_physical(const PhysicalResource& physical) {
  Value value = Value::map();
  value.set("id", Value(physical.id));
  value.set("properties", physical.properties);
  value.set("attributes", physical.attributes);
  return value;
}

PhysicalResource to_physical(const Value& value) {
  PhysicalResource physical;
  physical.id = text_field(value, "id");
  if (const Value* properties = value.find("properties")) physical.properties = *properties;
  if (const Value* attributes = value.find("attributes")) physical.attributes = *attributes;
  return physical;
}

std::optional<PhysicalResource> optional_physical(const Value& document, std::string_view name) {
  const Value* value = document.find(name);
  if (!value) return std::nullopt;
  return to_physical(*value);
}

}  // namespace

std::string encode(const ResourceDocument& document) {
  Value value = versioned();
  value.set("name", Value(document.name));
  value.set("type", Value(document.type));
  value.set("status", Value(document.status));
  value.set("status_reason", Value(document.status_reason));
  value.set("timestamp_ms", Value::integer(document.timestamp_ms));
  value.set("operation_id", Value(document.operation_id));
  if (document.current) value.set("current", from_physical(*document.current));
  if (document.before) value.set("before", from_physical(*document.before));
  Value leftovers = Value::list();
  for (const auto& leftover : document.leftovers) {
    leftovers.as_list().push_back(from_physical(leftover));
  }
  value.set("leftovers", std::move(leftovers));
  if (document.pending) {
    Value pending = Value::map();
    pending.set("action", Value(document.pending->action));
    pending.set("token", Value(document.pending->token));
    pending.set("target", from_physical(document.pending->target));
    value.set("pending", std::move(pending));
  }
  value.set("depends_on", from_texts(document.depends_on));
  value.set("deletion_policy", Value(document.deletion_policy));
  value.set("update_replace_policy", Value(document.update_replace_policy));
  value.set("metadata", document.metadata);
  return write_json(value);
}

Result<ResourceDocument> decode_resource(std::string_view text) {
  auto value = parse_versioned(text, "resource");
  if (!value) return value.take_error();
  ResourceDocument document;
  document.name = text_field(*value, "name");
  document.type = text_field(*value, "type");
  if (document.name.empty() || document.type.empty()) return damaged("resource");
  document.status = text_field(*value, "status");
  document.status_reason = text_field(*value, "status_reason");
  document.timestamp_ms = integer_field(*value, "timestamp_ms");
  document.operation_id = text_field(*value, "operation_id");
  document.current = optional_physical(*value, "current");
  document.before = optional_physical(*value, "before");
  for (const Value& leftover : list_field(*value, "leftovers")) {
    document.leftovers.push_back(to_physical(leftover));
  }
  if (const Value* pending = value->find("pending")) {
    document.pending =
        PendingCall{text_field(*pending, "action"), text_field(*pending, "token"),
                    optional_physical(*pending, "target").value_or(PhysicalResource{})};
  }
  document.depends_on = texts_field(*value, "depends_on");
  document.deletion_policy = text_field(*value, "deletion_policy");
  document.update_replace_policy = text_field(*value, "update_replace_policy");
  if (const Value* metadata = value->find("metadata")) document.metadata = *metadata;
  return document;
}

std::string encode(const EventDocument& document) {
  Value value = versioned();
  value.set("id", Value(document.id));
  value.set("logical_id", Value(document.logical_id));
  value.set("physical_id", Value(document.physical_id));
  value.set("type", Value(document.type));
  value.set("status", Value(document.status));
  value.set("status_reason", Value(document.status_reason));
  value.set("properties", Value(document.properties));
  value.set("client_token", Value(document.client_token));
  value.set("operation_id", Value(document.operation_id));
  value.set("timestamp_ms", Value::integer(document.timestamp_ms));
  return write_json(value);
}

Result<EventDocument> decode_event(std::string_view text) {
  auto value = parse_versioned(text, "event");
  if (!value) return value.take_error();
  EventDocument document;
  document.id = text_field(*value, "id");
  document.logical_id = text_field(*value, "logical_id");
  document.physical_id = text_field(*value, "physical_id");
  document.type = text_field(*value, "type");
  document.status = text_field(*value, "status");
  document.status_reason = text_field(*value, "status_reason");
  document.properties = text_field(*value, "properties");
  document.client_token = text_field(*value, "client_token");
  document.operation_id = text_field(*value, "operation_id");
  document.timestamp_ms = integer_field(*value, "timestamp_ms");
  return document;
}

}  // namespace millstream::cloudformation
