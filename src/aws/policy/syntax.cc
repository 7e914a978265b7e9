#include "aws/policy/syntax.h"

#include <algorithm>
#include <string>

#include "http/same_text.h"

namespace millstream::aws::policy {
namespace {

using nlohmann::json;

constexpr std::string_view kTopElements[] = {"Version", "Id", "Statement"};
constexpr std::string_view kVersions[] = {"2008-10-17", "2012-10-17"};
constexpr std::string_view kStatementElements[] = {
    "Sid",         "Effect",    "Action",    "NotAction",    "Resource",
    "NotResource", "Condition", "Principal", "NotPrincipal",
};
constexpr std::string_view kConditionOperators[] = {
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
};

template <class Range>
bool holds(const Range& range, std::string_view text) {
  return std::find(std::begin(range), std::end(range), text) != std::end(range);
}

template <class Range>
bool has_only(const json& object, const Range& elements) {
  return std::all_of(object.items().begin(), object.items().end(),
                     [&elements](const auto& item) { return holds(elements, item.key()); });
}

bool is_absent_or_string(const json& object, const char* element) {
  const auto found = object.find(element);
  return found == object.end() || found->is_string();
}

bool is_string_or_strings(const json& value) {
  if (value.is_string()) return true;
  return value.is_array() &&
         std::all_of(value.begin(), value.end(), [](const json& item) { return item.is_string(); });
}

bool is_absent_or_strings(const json& object, const char* element) {
  const auto found = object.find(element);
  return found == object.end() || is_string_or_strings(*found);
}

bool is_condition_operator(std::string_view name) {
  for (const std::string_view prefix : {"ForAnyValue:", "ForAllValues:"}) {
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  }
  constexpr std::string_view kSuffix = "IfExists";
  if (name.ends_with(kSuffix)) name.remove_suffix(kSuffix.size());
  return holds(kConditionOperators, name);
}

bool is_condition(const json& value) {
  if (!value.is_object()) return false;
  for (const auto& [name, keys] : value.items()) {
    if (!keys.is_object() || (!is_condition_operator(name) && !keys.empty())) return false;
    for (const auto& [key, wanted] : keys.items()) {
      if (!wanted.is_array() && !wanted.is_primitive()) return false;
    }
  }
  return true;
}

// "*" or an object from kinds of principals to their names.
bool is_principal(const json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>() == "*";
  return value.is_object() && !value.empty() &&
         std::all_of(value.begin(), value.end(), is_string_or_strings);
}

bool is_absent_or_principal(const json& object, const char* element) {
  const auto found = object.find(element);
  return found == object.end() || is_principal(*found);
}

bool is_statement(const json& statement) {
  if (!statement.is_object() || !has_only(statement, kStatementElements)) return false;
  const auto effect = statement.find("Effect");
  if (effect == statement.end() || !effect->is_string()) return false;
  const std::string_view text = effect->get_ref<const std::string&>();
  if (!http::same_text(text, "allow") && !http::same_text(text, "deny")) return false;
  for (const char* name : {"Action", "Resource", "Principal"}) {
    const std::string negated = std::string("Not") + name;
    if (statement.contains(name) && statement.contains(negated)) return false;
  }
  for (const char* name : {"Action", "NotAction", "Resource", "NotResource"}) {
    if (!is_absent_or_strings(statement, name)) return false;
  }
  const auto condition = statement.find("Condition");
  return is_absent_or_principal(statement, "Principal") &&
         is_absent_or_principal(statement, "NotPrincipal") &&
         is_absent_or_string(statement, "Sid") &&
         (condition == statement.end() || is_condition(*condition));
}

}  // namespace

bool read_policy(std::string_view text, PolicySyntax* syntax) {
  syntax->document = json::parse(text, nullptr, false);
  const json& document = syntax->document;
  if (!document.is_object() || !has_only(document, kTopElements)) return false;
  if (!is_absent_or_string(document, "Version") || !is_absent_or_string(document, "Id")) {
    return false;
  }
  const auto version = document.find("Version");
  if (version != document.end() && !holds(kVersions, version->get_ref<const std::string&>())) {
    return false;
  }
  const auto statement = document.find("Statement");
  if (statement == document.end()) return false;
  if (statement->is_object()) {
    syntax->statements.push_back(&*statement);
  } else if (statement->is_array()) {
    for (const json& item : *statement) syntax->statements.push_back(&item);
  }
  return !syntax->statements.empty() &&
         std::all_of(syntax->statements.begin(), syntax->statements.end(),
                     [](const json* item) { return is_statement(*item); });
}

std::vector<std::string_view> strings_of(const json& statement, const char* element) {
  std::vector<std::string_view> strings;
  const auto found = statement.find(element);
  if (found == statement.end()) return strings;
  if (found->is_string()) {
    strings.push_back(found->get_ref<const std::string&>());
  } else {
    for (const json& item : *found) strings.push_back(item.get_ref<const std::string&>());
  }
  return strings;
}

bool has_any(const json& statement, const char* element, const char* negated) {
  return !strings_of(statement, element).empty() || !strings_of(statement, negated).empty();
}

}  // namespace millstream::aws::policy
