#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "services/iam/limits.h"
#include "services/iam/tags.h"

namespace millstream::iam {

// A role with its policies: a value, written whole at every change.
struct Role {
  std::string account;
  std::string name;
  std::string path;  // "/", "/a/b/"
  std::string id;    // "AROA..."
  int64_t created_ms = 0;
  std::optional<std::string> description;
  int32_t max_session_seconds = kMaxSessionSecondsDefault;
  std::string trust_policy;                     // as it was given
  std::map<std::string, std::string> policies;  // inline: by name, as they were given
  std::set<std::string> attached;               // ARNs of managed policies
  std::vector<Tag> tags;

  [[nodiscard]] std::string arn() const;
};

// The document in the state store (docs/formats/state/iam.md).
inline constexpr std::string_view kRoleKeyPrefix = "mr";
std::string role_key(std::string_view account, std::string_view name);
std::string to_document(const Role& role);
Result<Role> parse_role(std::string_view document);

// As GetRole tells it, and as ListRoles does (without the tags).
api::Role describe(const Role& role);
api::Role describe_in_list(const Role& role);

}  // namespace millstream::iam
