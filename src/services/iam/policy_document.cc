#include "services/iam/policy_document.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "aws/policy/syntax.h"
#include "services/iam/api.gen.h"
#include "services/iam/policy_resource.h"

namespace millstream::iam {
namespace {

using aws::policy::has_any;
using aws::policy::PolicySyntax;
using aws::policy::read_policy;
using aws::policy::strings_of;
using nlohmann::json;
using Complaint = std::optional<std::string>;

constexpr std::string_view kTrustActionPrefix = "sts:";

// Checks one statement after the other; the first complaint counts.
Complaint each_statement(const PolicySyntax& syntax, Complaint (*check)(const json& statement)) {
  for (const json* statement : syntax.statements) {
    if (Complaint complaint = check(*statement)) return complaint;
  }
  return std::nullopt;
}

Complaint check_effect(const json& statement) {
  const auto& effect = statement.at("Effect").get_ref<const std::string&>();
  if (effect == "Allow" || effect == "Deny") return std::nullopt;
  return "The policy failed legacy parsing";
}

Complaint check_has_actions(const json& statement) {
  if (has_any(statement, "Action", "NotAction")) return std::nullopt;
  return "Policy statement must contain actions.";
}

Complaint check_has_resources(const json& statement) {
  if (has_any(statement, "Resource", "NotResource")) return std::nullopt;
  return "Policy statement must contain resources.";
}

Complaint check_no_principal(const json& statement) {
  if (!statement.contains("Principal") && !statement.contains("NotPrincipal")) return std::nullopt;
  return "Policy document should not specify a principal.";
}

Complaint check_resources(const json& statement) {
  for (const char* element : {"Resource", "NotResource"}) {
    for (const std::string_view resource : strings_of(statement, element)) {
      if (Complaint complaint = complaint_about_resource(resource)) return complaint;
    }
  }
  return std::nullopt;
}

Complaint check_action(std::string_view action) {
  if (action == "*") return std::nullopt;
  const size_t colon = action.find(':');
  if (colon == action.npos) {
    return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
  }
  if (action.find(':', colon + 1) != action.npos) {
    return "Actions/Condition can contain only one colon.";
  }
  const std::string_view vendor = action.substr(0, colon);
  const bool valid = std::all_of(vendor.begin(), vendor.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.';
  });
  if (valid || vendor == "*") return std::nullopt;
  return "Vendor " + std::string(vendor) + " is not valid";
}

Complaint check_actions(const json& statement) {
  for (const char* element : {"Action", "NotAction"}) {
    for (const std::string_view action : strings_of(statement, element)) {
      if (Complaint complaint = check_action(action)) return complaint;
    }
  }
  return std::nullopt;
}

Complaint check_sids(const PolicySyntax& syntax) {
  std::set<std::string> seen;
  for (const json* statement : syntax.statements) {
    const std::string sid = statement->value("Sid", "");
    if (!sid.empty() && !seen.insert(sid).second) {
      return "Statement IDs (SID) in a single policy must be unique.";
    }
  }
  return std::nullopt;
}

Complaint check_trust_statement(const json& statement) {
  for (const char* element : {"Resource", "NotResource"}) {
    if (statement.contains(element)) return std::string("Has prohibited field ") + element;
  }
  if (!statement.contains("Principal") && !statement.contains("NotPrincipal")) {
    return "Missing required field Principal";
  }
  const auto principal = statement.find("Principal");
  if (principal != statement.end() && principal->is_string()) {
    return "AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\".";
  }
  if (!has_any(statement, "Action", "NotAction")) return "Missing required field Action";
  for (const std::string_view action : strings_of(statement, "Action")) {
    if (!action.starts_with(kTrustActionPrefix)) {
      return "AssumeRole policy may only specify STS AssumeRole actions.";
    }
  }
  return std::nullopt;
}

aws::Result<> result(Complaint complaint) {
  if (!complaint) return {};
  return errors::malformed_policy_document_exception(std::move(*complaint));
}

}  // namespace

// The order is IAM's: the first complaint is the one that it gives.
aws::Result<> check_permissions_policy(std::string_view document) {
  PolicySyntax syntax;
  if (!read_policy(document, &syntax)) return result("Syntax errors in policy.");
  if (syntax.document.value("Version", "") != "2012-10-17") {
    return result("Policy document must be version 2012-10-17 or greater.");
  }
  Complaint complaint = each_statement(syntax, check_effect);
  if (!complaint) complaint = each_statement(syntax, check_no_principal);
  if (!complaint) complaint = check_sids(syntax);
  if (!complaint && std::any_of(syntax.statements.begin(), syntax.statements.end(),
                                [](const json* item) { return fails_legacy_parsing(*item); })) {
    complaint = "The policy failed legacy parsing";
  }
  if (!complaint) complaint = each_statement(syntax, check_has_actions);
  if (!complaint) complaint = each_statement(syntax, check_resources);
  if (!complaint) complaint = each_statement(syntax, check_actions);
  if (!complaint) complaint = each_statement(syntax, check_has_resources);
  return result(std::move(complaint));
}

aws::Result<> check_trust_policy(std::string_view document) {
  PolicySyntax syntax;
  if (!read_policy(document, &syntax)) {
    return result(syntax.document.is_discarded() ? "This policy contains invalid Json"
                                                 : "Syntax errors in policy.");
  }
  Complaint complaint = each_statement(syntax, check_effect);
  if (!complaint) complaint = check_sids(syntax);
  if (!complaint) complaint = each_statement(syntax, check_trust_statement);
  return result(std::move(complaint));
}

size_t policy_size(std::string_view document) {
  return static_cast<size_t>(std::count_if(document.begin(), document.end(), [](char c) {
    return c != ' ' && c != '\t' && c != '\n' && c != '\r';
  }));
}

}  // namespace millstream::iam
