#include "services/cloudformation/documents.h"

#include "services/cloudformation/fields.h"

namespace millstream::cloudformation {
namespace {

Value from_tags(const Tags& tags) {
  Value list = Value::list();
  for (const auto& [key, value] : tags) {
    list.as_list().push_back(Value(Value::List{Value(key), Value(value)}));
  }
  return list;
}

Tags to_tags(const Value& value) {
  Tags tags;
  for (const Value& tag : list_field(value, "tags")) {
    if (!tag.is_list() || tag.as_list().size() != 2) continue;
    tags.emplace_back(tag.as_list()[0].text().value_or(""), tag.as_list()[1].text().value_or(""));
  }
  return tags;
}

Value from_settings(const StackSettings& settings) {
  Value value = Value::map();
  Value parameters = Value::map();
  for (const auto& [name, text] : settings.parameters) parameters.set(name, Value(text));
  value.set("parameters", std::move(parameters));
  value.set("hidden_parameters", from_texts(settings.hidden_parameters));
  value.set("tags", from_tags(settings.tags));
  value.set("capabilities", from_texts(settings.capabilities));
  value.set("description", Value(settings.description));
  value.set("role_arn", Value(settings.role_arn));
  return value;
}

StackSettings to_settings(const Value& value) {
  StackSettings settings;
  if (const Value* parameters = value.find("parameters"); parameters && parameters->is_map()) {
    for (const Member& member : parameters->as_map()) {
      settings.parameters[member.name] = member.value.text().value_or("");
    }
  }
  settings.hidden_parameters = texts_field(value, "hidden_parameters");
  settings.tags = to_tags(value);
  settings.capabilities = texts_field(value, "capabilities");
  settings.description = text_field(value, "description");
  settings.role_arn = text_field(value, "role_arn");
  return settings;
}

Value from_operation(const Operation& operation) {
  Value value = Value::map();
  value.set("id", Value(operation.id));
  value.set("client_token", Value(operation.client_token));
  value.set("kind", Value(operation.kind));
  value.set("principal_arn", Value(operation.principal_arn));
  value.set("disable_rollback", Value::boolean(operation.disable_rollback));
  value.set("delete_on_failure", Value::boolean(operation.delete_on_failure));
  value.set("deadline_ms", Value::integer(operation.deadline_ms));
  value.set("retain_resources", from_texts(operation.retain_resources));
  if (operation.previous) value.set("previous", from_settings(*operation.previous));
  return value;
}

Operation to_operation(const Value& value) {
  Operation operation;
  operation.id = text_field(value, "id");
  operation.client_token = text_field(value, "client_token");
  operation.kind = text_field(value, "kind");
  operation.principal_arn = text_field(value, "principal_arn");
  operation.disable_rollback = bool_field(value, "disable_rollback");
  operation.delete_on_failure = bool_field(value, "delete_on_failure");
  operation.deadline_ms = integer_field(value, "deadline_ms");
  operation.retain_resources = texts_field(value, "retain_resources");
  if (const Value* previous = value.find("previous")) operation.previous = to_settings(*previous);
  return operation;
}

Value from_outputs(const std::vector<StackOutput>& outputs) {
  Value list = Value::list();
  for (const StackOutput& output : outputs) {
    Value value = Value::map();
    value.set("key", Value(output.key));
    value.set("value", Value(output.value));
    value.set("description", Value(output.description));
    value.set("export_name", Value(output.export_name));
    list.as_list().push_back(std::move(value));
  }
  return list;
}

std::vector<StackOutput> to_outputs(const Value& value) {
  std::vector<StackOutput> outputs;
  for (const Value& output : list_field(value, "outputs")) {
    outputs.push_back({text_field(output, "key"), text_field(output, "value"),
                       text_field(output, "description"), text_field(output, "export_name")});
  }
  return outputs;
}

}  // namespace

std::string encode(const StackDocument& document) {
  Value value = versioned();
  value.set("stack_id", Value(stack_id(document.address)));
  value.set("status", Value(document.status));
  value.set("status_reason", Value(document.status_reason));
  value.set("creation_ms", Value::integer(document.creation_ms));
  value.set("last_updated_ms", Value::integer(document.last_updated_ms));
  value.set("deletion_ms", Value::integer(document.deletion_ms));
  value.set("settings", from_settings(document.settings));
  value.set("disable_rollback", Value::boolean(document.disable_rollback));
  value.set("termination_protection", Value::boolean(document.termination_protection));
  value.set("timeout_minutes", Value::integer(document.timeout_minutes));
  value.set("change_set_id", Value(document.change_set_id));
  value.set("outputs", from_outputs(document.outputs));
  value.set("imports", from_texts(document.imports));
  value.set("operation", from_operation(document.operation));
  value.set("next_event", Value::integer(static_cast<long long>(document.next_event)));
  return write_json(value);
}

Result<StackDocument> decode_stack(std::string_view text) {
  auto value = parse_versioned(text, "stack");
  if (!value) return value.take_error();
  const auto address = parse_stack_id(text_field(*value, "stack_id"));
  const Value* settings = value->find("settings");
  const Value* operation = value->find("operation");
  if (!address || !settings || !operation) return damaged("stack");
  StackDocument document;
  document.address = *address;
  document.status = text_field(*value, "status");
  document.status_reason = text_field(*value, "status_reason");
  document.creation_ms = integer_field(*value, "creation_ms");
  document.last_updated_ms = integer_field(*value, "last_updated_ms");
  document.deletion_ms = integer_field(*value, "deletion_ms");
  document.settings = to_settings(*settings);
  document.disable_rollback = bool_field(*value, "disable_rollback");
  document.termination_protection = bool_field(*value, "termination_protection");
  document.timeout_minutes = static_cast<int32_t>(integer_field(*value, "timeout_minutes"));
  document.change_set_id = text_field(*value, "change_set_id");
  document.outputs = to_outputs(*value);
  document.imports = texts_field(*value, "imports");
  document.operation = to_operation(*operation);
  document.next_event = static_cast<uint64_t>(integer_field(*value, "next_event"));
  return document;
}

std::string encode(const ChangeSetDocument& document) {
  Value value = versioned();
  value.set("name", Value(document.name));
  value.set("unique", Value(document.unique));
  value.set("description", Value(document.description));
  value.set("type", Value(document.type));
  value.set("status", Value(document.status));
  value.set("status_reason", Value(document.status_reason));
  value.set("execution_status", Value(document.execution_status));
  value.set("client_token", Value(document.client_token));
  value.set("on_stack_failure", Value(document.on_stack_failure));
  value.set("creation_ms", Value::integer(document.creation_ms));
  value.set("settings", from_settings(document.settings));
  value.set("template_body", Value(document.template_body));
  value.set("changes", document.changes);
  return write_json(value);
}

Result<ChangeSetDocument> decode_change_set(std::string_view text) {
  auto value = parse_versioned(text, "change set");
  if (!value) return value.take_error();
  const Value* settings = value->find("settings");
  const Value* changes = value->find("changes");
  if (!settings || !changes || !changes->is_list()) return damaged("change set");
  ChangeSetDocument document;
  document.name = text_field(*value, "name");
  document.unique = text_field(*value, "unique");
  document.description = text_field(*value, "description");
  document.type = text_field(*value, "type");
  document.status = text_field(*value, "status");
  document.status_reason = text_field(*value, "status_reason");
  document.execution_status = text_field(*value, "execution_status");
  document.client_token = text_field(*value, "client_token");
  document.on_stack_failure = text_field(*value, "on_stack_failure");
  document.creation_ms = integer_field(*value, "creation_ms");
  document.settings = to_settings(*settings);
  document.template_body = text_field(*value, "template_body");
  document.changes = *changes;
  return document;
}

}  // namespace millstream::cloudformation
