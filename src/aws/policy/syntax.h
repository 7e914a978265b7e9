#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

// The form that all policies share: those of IAM and those of resources.
namespace millstream::aws::policy {

struct PolicySyntax {
  nlohmann::json document;
  std::vector<const nlohmann::json*> statements;  // within `document`'s buffers
};

// Reads a policy. False if it isn't JSON, or an element is unknown, missing or of a wrong type;
// `syntax` is then in between.
bool read_policy(std::string_view text, PolicySyntax* syntax);

// The strings of an element that is a string or a list of strings; none if it is absent.
std::vector<std::string_view> strings_of(const nlohmann::json& statement, const char* element);
// Whether one of two elements (Action and NotAction) is there and isn't an empty list.
bool has_any(const nlohmann::json& statement, const char* element, const char* negated);

}  // namespace millstream::aws::policy
