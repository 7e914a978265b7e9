#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "services/iam/tags.h"

// What role.cc and managed_policy.cc share of writing and reading documents.
namespace millstream::iam {

nlohmann::json tags_to_json(const std::vector<Tag>& tags);
// Throws nlohmann::json::exception on another form.
std::vector<Tag> tags_from_json(const nlohmann::json& json);

// Bytes that aren't UTF-8 become U+FFFD, as they would in an answer.
std::string dump(const nlohmann::json& document);

}  // namespace millstream::iam
