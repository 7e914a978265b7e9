#include "aws/policy/resource_policy.h"

#include <fmt/format.h>

#include <algorithm>

#include "http/same_text.h"

namespace millstream::aws::policy {
namespace {

using nlohmann::json;

bool same_character(char pattern, char c, bool any_case) {
  return pattern == '?' || pattern == c || (any_case && http::same_text({&pattern, 1}, {&c, 1}));
}

// `*` stands for any characters and `?` for one. Goes back to the last star only: what matched
// before it needn't be looked at again.
bool matches(std::string_view pattern, std::string_view text, bool any_case) {
  size_t at = 0;
  size_t star = pattern.npos;
  size_t behind_star = 0;
  for (size_t i = 0; i < text.size();) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      behind_star = i;
    } else if (at < pattern.size() && same_character(pattern[at], text[i], any_case)) {
      ++at;
      ++i;
    } else if (star != pattern.npos) {
      at = star + 1;
      i = ++behind_star;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == pattern.npos;
}

bool any_matches(const json& statement, const char* element, std::string_view text, bool any_case) {
  const auto patterns = strings_of(statement, element);
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](std::string_view pattern) { return matches(pattern, text, any_case); });
}

// Whether `element` names the text, or its negation doesn't.
bool is_meant(const json& statement, const char* element, const char* negated,
              std::string_view text, bool any_case) {
  if (statement.contains(negated)) return !any_matches(statement, negated, text, any_case);
  return any_matches(statement, element, text, any_case);
}

// arn:aws:sts::<account>:assumed-role/<role>/<session> -> arn:aws:iam::<account>:role/<role>
std::string role_of_session(std::string_view principal_arn) {
  constexpr std::string_view kKind = ":assumed-role/";
  const size_t kind = principal_arn.find(kKind);
  const size_t session = principal_arn.rfind('/');
  if (kind == principal_arn.npos || session < kind + kKind.size()) return "";
  const size_t role = kind + kKind.size();
  const std::string_view account = principal_arn.substr(kind - 12, 12);
  return fmt::format("arn:aws:iam::{}:role/{}", account,
                     principal_arn.substr(role, session - role));
}

bool names_caller(std::string_view principal, const Question& question) {
  return principal == "*" || principal == question.account ||
         principal == fmt::format("arn:aws:iam::{}:root", question.account) ||
         principal == question.principal_arn ||
         principal == role_of_session(question.principal_arn);
}

bool has_caller(const json& principals, const Question& question) {
  if (principals.is_string()) return true;  // "*" is the only string
  if (!principals.contains("AWS")) return false;
  const auto names = strings_of(principals, "AWS");
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view name) { return names_caller(name, question); });
}

bool is_caller_meant(const json& statement, const Question& question) {
  const auto others = statement.find("NotPrincipal");
  if (others != statement.end()) return !has_caller(*others, question);
  const auto principal = statement.find("Principal");
  return principal != statement.end() && has_caller(*principal, question);
}

bool is_about(const json& statement, const Question& question) {
  return !statement.contains("Condition") && is_caller_meant(statement, question) &&
         is_meant(statement, "Action", "NotAction", question.action, true) &&
         is_meant(statement, "Resource", "NotResource", question.resource, false);
}

}  // namespace

Decision decide(const PolicySyntax& policy, const Question& question) {
  Decision decision = Decision::kNotMentioned;
  for (const json* statement : policy.statements) {
    if (!is_about(*statement, question)) continue;
    if (http::same_text(statement->at("Effect").get_ref<const std::string&>(), "Deny")) {
      return Decision::kDenied;
    }
    decision = Decision::kAllowed;
  }
  return decision;
}

std::optional<std::string> complaint_about_resource_policy(std::string_view text) {
  PolicySyntax policy;
  if (!read_policy(text, &policy)) return "Syntax errors in policy.";
  for (const json* statement : policy.statements) {
    if (!statement->contains("Principal") && !statement->contains("NotPrincipal")) {
      return "Missing required field Principal";
    }
    if (!has_any(*statement, "Action", "NotAction")) return "Missing required field Action";
    if (!has_any(*statement, "Resource", "NotResource")) return "Missing required field Resource";
    if (statement->contains("Condition")) {
      return "Conditions in resource policies are not supported by Millstream yet. See "
             "docs/compatibility.md.";
    }
  }
  return std::nullopt;
}

}  // namespace millstream::aws::policy
