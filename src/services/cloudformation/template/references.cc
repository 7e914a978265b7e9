#include "services/cloudformation/template/references.h"

#include "services/cloudformation/template/functions.h"
#include "services/cloudformation/template/template.h"

namespace millstream::cloudformation {
namespace {

using Visit = std::function<Result<>(const Reference&)>;

Result<> visit_sub(const Value& argument, bool in_condition, const Visit& visit) {
  const bool has_variables = argument.is_list() && argument.as_list().size() == 2;
  const Value& text = argument.is_list() ? argument.as_list()[0] : argument;
  auto pieces = split_sub(text.as_string());
  if (!pieces) return pieces.take_error();
  for (const SubPiece& piece : *pieces) {
    if (!piece.is_variable) continue;
    if (has_variables && argument.as_list()[1].find(piece.text)) continue;
    const size_t dot = piece.text.find('.');
    const Reference reference =
        dot == std::string::npos ? Reference{Reference::Kind::kSubVariable, piece.text, {}}
                                 : Reference{Reference::Kind::kSubAttribute,
                                             piece.text.substr(0, dot), piece.text.substr(dot + 1)};
    if (auto ok = visit(reference); !ok) return ok;
  }
  if (!has_variables) return {};
  return visit_references(argument.as_list()[1], in_condition, visit);
}

// Visits what the function itself names; the names inside its arguments come afterwards.
Result<> visit_function(const FunctionCall& function, const Visit& visit) {
  const Value& argument = function.argument;
  if (function.name == "Ref") return visit({Reference::Kind::kRef, argument.as_string(), {}});
  if (function.name == "Condition") {
    return visit({Reference::Kind::kCondition, argument.as_string(), {}});
  }
  if (function.name == "Fn::If") {
    return visit({Reference::Kind::kIfCondition, argument.as_list()[0].as_string(), {}});
  }
  if (function.name == "Fn::GetAtt") {
    return visit({Reference::Kind::kAttribute, argument.as_list()[0].as_string(),
                  argument.as_list()[1].text().value_or("")});
  }
  return {};
}

}  // namespace

Result<> visit_references(const Value& value, bool in_condition, const Visit& visit) {
  if (value.is_list()) {
    for (const Value& element : value.as_list()) {
      if (auto ok = visit_references(element, in_condition, visit); !ok) return ok;
    }
    return {};
  }
  if (!value.is_map()) return {};
  const auto function = as_function(value, in_condition);
  if (function) {
    if (auto ok = check_function(*function); !ok) return ok;
    if (function->name == "Fn::Sub") return visit_sub(function->argument, in_condition, visit);
    if (auto ok = visit_function(*function, visit); !ok) return ok;
  }
  for (const Member& member : value.as_map()) {
    if (!function && member.name.starts_with("Fn::")) {
      return template_error("Template format error: function " + member.name +
                            " must be the only member of its object");
    }
    if (auto ok = visit_references(member.value, in_condition, visit); !ok) return ok;
  }
  return {};
}

}  // namespace millstream::cloudformation
