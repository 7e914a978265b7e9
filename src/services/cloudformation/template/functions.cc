#include "services/cloudformation/template/functions.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "services/cloudformation/template/template.h"

namespace millstream::cloudformation {
namespace {

bool is_list_of(const Value& value, size_t least, size_t most) {
  return value.is_list() && value.as_list().size() >= least && value.as_list().size() <= most;
}
bool is_call(const Value& value) {
  return as_function(value).has_value();
}
bool is_text_or_call(const Value& value) {
  return value.is_scalar() || is_call(value);
}
bool is_name(const Value& value) {
  return value.is_string() && !value.as_string().empty();
}

bool ref_ok(const Value& argument) {
  return is_name(argument);
}
bool get_att_ok(const Value& argument) {
  return is_list_of(argument, 2, 2) && is_name(argument.as_list()[0]) &&
         (is_name(argument.as_list()[1]) || is_call(argument.as_list()[1]));
}
bool sub_ok(const Value& argument) {
  if (argument.is_string()) return true;
  return is_list_of(argument, 1, 2) && argument.as_list()[0].is_string() &&
         (argument.as_list().size() == 1 || argument.as_list()[1].is_map());
}
bool join_ok(const Value& argument) {
  return is_list_of(argument, 2, 2) && argument.as_list()[0].is_string() &&
         (argument.as_list()[1].is_list() || is_call(argument.as_list()[1]));
}
bool split_ok(const Value& argument) {
  return is_list_of(argument, 2, 2) && argument.as_list()[0].is_string() &&
         is_text_or_call(argument.as_list()[1]);
}
bool select_ok(const Value& argument) {
  return is_list_of(argument, 2, 2) && is_text_or_call(argument.as_list()[0]) &&
         (argument.as_list()[1].is_list() || is_call(argument.as_list()[1]));
}
bool if_ok(const Value& argument) {
  return is_list_of(argument, 3, 3) && is_name(argument.as_list()[0]);
}
bool equals_ok(const Value& argument) {
  return is_list_of(argument, 2, 2);
}
bool and_or_ok(const Value& argument) {
  return is_list_of(argument, 2, 10);
}
bool not_ok(const Value& argument) {
  return is_list_of(argument, 1, 1);
}
bool find_in_map_ok(const Value& argument) {
  return is_list_of(argument, 3, 3);
}
bool text_ok(const Value& argument) {
  return is_text_or_call(argument);
}
bool cidr_ok(const Value& argument) {
  return is_list_of(argument, 2, 3);
}

struct Form {
  std::string_view name;
  bool (*is_right)(const Value& argument);
  std::string_view message;
};
constexpr std::array<Form, 17> kForms = {{
    {"Ref", ref_ok, "Template error: every Ref object must have a single String value."},
    {"Condition", ref_ok,
     "Template error: every Condition object must have a single String value."},
    {"Fn::GetAtt", get_att_ok,
     "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name "
     "and the resource attribute"},
    {"Fn::Sub", sub_ok,
     "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. "
     "Specify a string as first argument, and an optional second argument to specify a mapping of "
     "values to replace in the string"},
    {"Fn::Join", join_ok,
     "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and "
     "(2) "
     "a list of strings to be joined or a function that returns a list of strings (such as "
     "Fn::GetAZs) to be joined."},
    {"Fn::Split", split_ok,
     "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and "
     "(2) a string to be split or a function that returns a string to be split."},
    {"Fn::Select", select_ok,
     "Template error: Fn::Select requires a list argument with two elements: an integer index and "
     "a "
     "list"},
    {"Fn::If", if_ok, "Template error: Fn::If requires a list argument with three elements"},
    {"Fn::Equals", equals_ok,
     "Template error: every Fn::Equals object requires a list of 2 string parameters."},
    {"Fn::And", and_or_ok,
     "Template error: every Fn::And object requires a list of at least 2 and at most 10 boolean "
     "parameters."},
    {"Fn::Or", and_or_ok,
     "Template error: every Fn::Or object requires a list of at least 2 and at most 10 boolean "
     "parameters."},
    {"Fn::Not", not_ok, "Template error: every Fn::Not object requires one boolean parameter."},
    {"Fn::FindInMap", find_in_map_ok,
     "Template error: every Fn::FindInMap object requires three parameters, the map name, map key "
     "and the attribute for return value"},
    {"Fn::Base64", text_ok,
     "Template error: every Fn::Base64 object must have a String-typed value."},
    {"Fn::GetAZs", text_ok,
     "Template error: every Fn::GetAZs object must have a String parameter."},
    {"Fn::ImportValue", text_ok,
     "Template error: every Fn::ImportValue object must have a String parameter."},
    {"Fn::Cidr", cidr_ok,
     "Template error: every Fn::Cidr object requires two required parameters, (1) ipblock, (2) "
     "count and (3) optional cidrBits"},
}};

constexpr std::array<std::string_view, 8> kPseudoParameters = {
    "AWS::AccountId", "AWS::NotificationARNs", "AWS::NoValue",   "AWS::Partition",
    "AWS::Region",    "AWS::StackId",          "AWS::StackName", "AWS::URLSuffix"};

std::string supported_functions() {
  std::string list;
  for (const Form& form : kForms) {
    if (!form.name.starts_with("Fn::")) continue;
    list += (list.empty() ? "" : ", ") + std::string(form.name);
  }
  return list;
}

}  // namespace

std::optional<FunctionCall> as_function(const Value& value, bool in_condition) {
  if (!value.is_map() || value.as_map().size() != 1) return std::nullopt;
  const Member& member = value.as_map().front();
  if (member.name == "Ref" || member.name.starts_with("Fn::") ||
      (in_condition && member.name == "Condition")) {
    return FunctionCall{member.name, member.value};
  }
  return std::nullopt;
}

Result<std::vector<SubPiece>> split_sub(std::string_view text) {
  std::vector<SubPiece> pieces;
  std::string literal;
  while (!text.empty()) {
    const size_t start = text.find("${");
    const size_t end = start == text.npos ? text.npos : text.find('}', start);
    if (end == text.npos) break;
    literal += text.substr(0, start);
    const std::string_view name = text.substr(start + 2, end - start - 2);
    text.remove_prefix(end + 1);
    if (name.starts_with('!')) {
      literal += "${" + std::string(name.substr(1)) + "}";
      continue;
    }
    const bool is_valid = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == ':';
    });
    if (!is_valid) {
      return template_error(
          "Template error: variable names in Fn::Sub syntax must contain only alphanumeric "
          "characters, underscores, periods, and colons");
    }
    if (!literal.empty()) pieces.push_back({false, std::move(literal)});
    literal.clear();
    pieces.push_back({true, std::string(name)});
  }
  literal += text;
  if (!literal.empty()) pieces.push_back({false, std::move(literal)});
  return pieces;
}

bool is_pseudo_parameter(std::string_view name) {
  return std::find(kPseudoParameters.begin(), kPseudoParameters.end(), name) !=
         kPseudoParameters.end();
}

Result<> check_function(const FunctionCall& function) {
  if (function.name == "Fn::Transform") {
    return template_error("Template format error: Fn::Transform is not supported by Millstream");
  }
  if (function.name.starts_with("Fn::ForEach") || function.name == "Fn::Length" ||
      function.name == "Fn::ToJsonString") {
    return template_error("Template format error: " + std::string(function.name) +
                          " needs the transform AWS::LanguageExtensions, which is not supported by "
                          "Millstream");
  }
  for (const Form& form : kForms) {
    if (form.name != function.name) continue;
    if (form.is_right(function.argument)) return {};
    return template_error(std::string(form.message));
  }
  return template_error(
      "Template Error: Encountered unsupported function: " + std::string(function.name) +
      " Supported functions are: [" + supported_functions() + "]");
}

}  // namespace millstream::cloudformation
