#include <algorithm>
#include <array>

#include "services/cloudformation/template/limits.h"
#include "services/cloudformation/template/sections.h"

namespace millstream::cloudformation {
namespace {

constexpr std::array<std::string_view, 11> kMembers = {
    "Type",      "Default",  "Description", "AllowedValues", "AllowedPattern",       "MinLength",
    "MaxLength", "MinValue", "MaxValue",    "NoEcho",        "ConstraintDescription"};

bool is_known_type(std::string_view type) {
  if (type == "String" || type == "Number" || type == "List<Number>" || type == "List<String>" ||
      type == "CommaDelimitedList") {
    return true;
  }
  return type.starts_with("AWS::EC2::") || type.starts_with("AWS::Route53::") ||
         type.starts_with("List<AWS::EC2::") || type.starts_with("List<AWS::Route53::");
}

Result<> check_type(std::string_view name, const Value* type) {
  if (!type || !type->is_string()) {
    return template_error(
        "Template format error: Every Parameters object must contain a Type member.");
  }
  if (is_known_type(type->as_string())) return {};
  if (type->as_string().starts_with("AWS::SSM::")) {
    return template_error("Template format error: Parameter " + std::string(name) + " has type " +
                          type->as_string() + ", which is not supported by Millstream");
  }
  return template_error("Template format error: Unrecognized parameter type: " + type->as_string());
}

// The text of an optional scalar member, or a failure that names it.
Result<std::optional<std::string>> text_member(const Value& declaration, std::string_view member) {
  const Value* value = declaration.find(member);
  if (!value) return std::optional<std::string>();
  if (!value->is_scalar()) {
    return template_error("Template format error: Every " + std::string(member) +
                          " member must be a string.");
  }
  return value->text();
}

Result<std::optional<long long>> length_member(const Value& declaration, std::string_view member) {
  const Value* value = declaration.find(member);
  if (!value) return std::optional<long long>();
  const auto length = value->as_integer();
  if (!length || *length < 0) {
    return template_error("Template format error: Every " + std::string(member) +
                          " member must be a non-negative integer.");
  }
  return length;
}

Result<> read_texts(const Value& declaration, ParameterDeclaration* parameter) {
  const auto read = [&declaration](std::string_view member, auto* out) -> Result<> {
    auto text = text_member(declaration, member);
    if (!text) return text.take_error();
    if (*text) *out = **text;
    return {};
  };
  if (auto ok = read("Default", &parameter->default_value); !ok) return ok;
  if (auto ok = read("Description", &parameter->description); !ok) return ok;
  if (auto ok = read("ConstraintDescription", &parameter->constraint_description); !ok) return ok;
  if (auto ok = read("AllowedPattern", &parameter->allowed_pattern); !ok) return ok;
  if (auto ok = read("MinValue", &parameter->min_value); !ok) return ok;
  if (auto ok = read("MaxValue", &parameter->max_value); !ok) return ok;
  std::string no_echo;
  if (auto ok = read("NoEcho", &no_echo); !ok) return ok;
  parameter->no_echo = no_echo == "true" || no_echo == "True";
  return {};
}

Result<> read_allowed_values(const Value& declaration, ParameterDeclaration* parameter) {
  const Value* values = declaration.find("AllowedValues");
  if (!values) return {};
  if (!values->is_list() || values->as_list().empty()) {
    return template_error(
        "Template format error: Every AllowedValues member must be a non-empty list.");
  }
  for (const Value& value : values->as_list()) {
    const auto text = value.text();
    if (!text) {
      return template_error(
          "Template format error: Every AllowedValues entry must be a string or a number.");
    }
    parameter->allowed_values.push_back(*text);
  }
  return {};
}

Result<ParameterDeclaration> read_parameter(const std::string& name, const Value& declaration) {
  if (!declaration.is_map()) {
    return template_error("Template format error: Any Parameters member must be an object.");
  }
  for (const Member& member : declaration.as_map()) {
    if (std::find(kMembers.begin(), kMembers.end(), member.name) == kMembers.end()) {
      return template_error("Invalid template parameter property '" + member.name + "'");
    }
  }
  const Value* type = declaration.find("Type");
  if (auto ok = check_type(name, type); !ok) return ok.take_error();
  ParameterDeclaration parameter;
  parameter.name = name;
  parameter.type = type->as_string();
  if (auto ok = read_texts(declaration, &parameter); !ok) return ok.take_error();
  if (auto ok = read_allowed_values(declaration, &parameter); !ok) return ok.take_error();
  auto min_length = length_member(declaration, "MinLength");
  if (!min_length) return min_length.take_error();
  auto max_length = length_member(declaration, "MaxLength");
  if (!max_length) return max_length.take_error();
  parameter.min_length = *min_length;
  parameter.max_length = *max_length;
  return parameter;
}

}  // namespace

Result<std::vector<ParameterDeclaration>> read_parameters(const Value& section) {
  std::vector<ParameterDeclaration> parameters;
  for (const Member& member : section.as_map()) {
    auto parameter = read_parameter(member.name, member.value);
    if (!parameter) return parameter.take_error();
    parameters.push_back(parameter.take());
  }
  return parameters;
}

}  // namespace millstream::cloudformation
