#include "services/cloudformation/fields.h"

namespace millstream::cloudformation {
namespace {
// A stored document holds parts of a template a few levels down.
constexpr size_t kStoredDepthMax = kDocumentDepthMax + 16;
}  // namespace

std::string text_field(const Value& document, std::string_view name) {
  const Value* value = document.find(name);
  return value && value->is_string() ? value->as_string() : std::string();
}

bool bool_field(const Value& document, std::string_view name) {
  const Value* value = document.find(name);
  return value && value->is_bool() && value->as_bool();
}

long long integer_field(const Value& document, std::string_view name) {
  const Value* value = document.find(name);
  return value ? value->as_integer().value_or(0) : 0;
}

const Value::List& list_field(const Value& document, std::string_view name) {
  static const Value::List kEmpty;
  const Value* value = document.find(name);
  return value && value->is_list() ? value->as_list() : kEmpty;
}

std::vector<std::string> texts_field(const Value& document, std::string_view name) {
  std::vector<std::string> texts;
  for (const Value& value : list_field(document, name)) texts.push_back(value.text().value_or(""));
  return texts;
}

Value from_texts(const std::vector<std::string>& texts) {
  Value list = Value::list();
  for (const std::string& text : texts) list.as_list().push_back(Value(text));
  return list;
}

Value versioned() {
  Value value = Value::map();
  value.set("v", Value::integer(1));
  return value;
}

Error damaged(std::string_view kind) {
  return Error{ErrorCode::kCorruption,
               "a stored CloudFormation " + std::string(kind) + " isn't a document of version 1"};
}

Result<Value> parse_versioned(std::string_view text, std::string_view kind) {
  auto value = parse_json(text, kStoredDepthMax);
  if (!value || integer_field(*value, "v") != 1) return damaged(kind);
  return value;
}

}  // namespace millstream::cloudformation
