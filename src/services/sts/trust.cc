#include "services/sts/trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace millstream::sts {
namespace {

using nlohmann::json;

// Whether `test` holds for a string, or for one of a list of them.
template <class Test>
bool any_of(const json& strings, Test test) {
  if (strings.is_string()) return test(strings.get_ref<const std::string&>());
  if (!strings.is_array()) return false;
  return std::any_of(strings.begin(), strings.end(), [&test](const json& item) {
    return item.is_string() && test(item.get_ref<const std::string&>());
  });
}

bool speaks_of_assuming(const json& statement) {
  const auto actions = statement.find("Action");
  if (actions == statement.end()) return true;  // NotAction: taken for a Deny only, see below
  return any_of(*actions, [](std::string_view action) {
    return action == "sts:AssumeRole" || action == "sts:AssumeRole*" || action == "sts:*";
  });
}

bool names_any(const json& statement, const std::vector<std::string>& callers) {
  const auto principal = statement.find("Principal");
  if (principal == statement.end()) return true;  // NotPrincipal: as NotAction
  if (!principal->is_object()) return false;
  const auto names = principal->find("AWS");
  if (names == principal->end()) return false;
  return any_of(*names, [&callers](std::string_view name) {
    return std::find(callers.begin(), callers.end(), name) != callers.end();
  });
}

}  // namespace

bool trusts(std::string_view trust_policy, std::string_view account, std::string_view principal_arn,
            std::string_view role_arn) {
  const json document = json::parse(trust_policy, nullptr, false);
  if (!document.is_object() || !document.contains("Statement")) return false;
  const json& given = document.at("Statement");
  const json statements = given.is_array() ? given : json::array({given});
  const std::vector<std::string> callers = {"*", std::string(account),
                                            fmt::format("arn:aws:iam::{}:root", account),
                                            std::string(principal_arn), std::string(role_arn)};
  bool allowed = false;
  for (const json& statement : statements) {
    if (!speaks_of_assuming(statement) || !names_any(statement, callers)) continue;
    if (statement.value("Effect", "") == "Deny") return false;
    const bool plain = statement.contains("Action") && statement.contains("Principal") &&
                       !statement.contains("Condition");
    allowed = allowed || plain;
  }
  return allowed;
}

}  // namespace millstream::sts
