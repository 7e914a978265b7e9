#include "services/cloudformation/documents.h"

#include "services/cloudformation/document_fields.h"

namespace millstream::cloudformation {

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<StackSettings>& settings) {
  fields("parameters", settings.parameters);
  fields("hidden_parameters", settings.hidden_parameters);
  fields("tags", settings.tags);
  fields("capabilities", settings.capabilities);
  fields("description", settings.description);
  fields("role_arn", settings.role_arn);
}

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<Operation>& operation) {
  fields("id", operation.id);
  fields("client_token", operation.client_token);
  fields("kind", operation.kind);
  fields("principal_arn", operation.principal_arn);
  fields("disable_rollback", operation.disable_rollback);
  fields("delete_on_failure", operation.delete_on_failure);
  fields("deadline_ms", operation.deadline_ms);
  fields("retain_resources", operation.retain_resources);
  fields("previous", operation.previous);
}

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<StackOutput>& output) {
  fields("key", output.key);
  fields("value", output.value);
  fields("description", output.description);
  fields("export_name", output.export_name);
}

// All but the address.
template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<StackDocument>& document) {
  fields("status", document.status);
  fields("status_reason", document.status_reason);
  fields("creation_ms", document.creation_ms);
  fields("last_updated_ms", document.last_updated_ms);
  fields("deletion_ms", document.deletion_ms);
  fields("settings", document.settings);
  fields("disable_rollback", document.disable_rollback);
  fields("termination_protection", document.termination_protection);
  fields("timeout_minutes", document.timeout_minutes);
  fields("change_set_id", document.change_set_id);
  fields("outputs", document.outputs);
  fields("imports", document.imports);
  fields("operation", document.operation);
  fields("next_event", document.next_event);
}

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<ChangeSetDocument>& document) {
  fields("name", document.name);
  fields("unique", document.unique);
  fields("description", document.description);
  fields("type", document.type);
  fields("status", document.status);
  fields("status_reason", document.status_reason);
  fields("execution_status", document.execution_status);
  fields("client_token", document.client_token);
  fields("on_stack_failure", document.on_stack_failure);
  fields("creation_ms", document.creation_ms);
  fields("settings", document.settings);
  fields("template_body", document.template_body);
  fields("changes", document.changes);
}

std::string encode(const StackDocument& document) {
  Value value = versioned();
  value.set("stack_id", Value(stack_id(document.address)));
  return write_fields(std::move(value), document);
}

Result<StackDocument> decode_stack(std::string_view text) {
  auto value = parse_versioned(text, "stack");
  if (!value) return value.take_error();
  const auto address = parse_stack_id(text_field(*value, "stack_id"));
  if (!address || !value->find("settings") || !value->find("operation")) return damaged("stack");
  auto document = read_fields<StackDocument>(*value);
  document.address = *address;
  return document;
}

std::string encode(const ChangeSetDocument& document) {
  return write_fields(versioned(), document);
}

Result<ChangeSetDocument> decode_change_set(std::string_view text) {
  auto value = parse_versioned(text, "change set");
  if (!value) return value.take_error();
  const Value* changes = value->find("changes");
  if (!value->find("settings") || !changes || !changes->is_list()) return damaged("change set");
  return read_fields<ChangeSetDocument>(*value);
}

}  // namespace millstream::cloudformation
