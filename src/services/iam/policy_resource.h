#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

// Part of policy_document.cc.
namespace millstream::iam {

// What IAM says of a resource's ARN that it doesn't take; nothing if it takes it.
std::optional<std::string> complaint_about_resource(std::string_view resource);

// Whether a statement names a resource that is no whole ARN in a form that IAM has no other words
// for than "The policy failed legacy parsing".
bool fails_legacy_parsing(const nlohmann::json& statement);

}  // namespace millstream::iam
