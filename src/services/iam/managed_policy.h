#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "services/iam/tags.h"

namespace millstream::iam {

struct PolicyVersion {
  int32_t number = 0;  // 3 is "v3"
  int64_t created_ms = 0;
  std::string document;  // as it was given

  [[nodiscard]] std::string id() const { return "v" + std::to_string(number); }
};

// A managed policy of the customer's: a value, written whole at every change.
struct ManagedPolicy {
  std::string account;
  std::string name;
  std::string path;
  std::string id;  // "ANPA..."
  int64_t created_ms = 0;
  int64_t updated_ms = 0;
  std::optional<std::string> description;
  std::vector<PolicyVersion> versions;  // oldest first, never empty
  int32_t default_version = 1;          // one of them
  int32_t last_version = 1;             // numbers aren't used twice
  int32_t attachment_count = 0;         // the roles that have it
  std::vector<Tag> tags;

  [[nodiscard]] std::string arn() const;
  // nullptr if there is none.
  [[nodiscard]] const PolicyVersion* find_version(std::string_view version_id) const;
};

// The document in the state store (docs/formats/state/iam.md).
inline constexpr std::string_view kPolicyKeyPrefix = "mp";
std::string policy_key(std::string_view account, std::string_view name);
std::string to_document(const ManagedPolicy& policy);
Result<ManagedPolicy> parse_policy(std::string_view document);

// As GetPolicy tells it, and as ListPolicies does (without description and tags).
api::Policy describe(const ManagedPolicy& policy);
api::Policy describe_in_list(const ManagedPolicy& policy);
// As GetPolicyVersion tells it, and as ListPolicyVersions does (without the document).
api::PolicyVersion describe(const ManagedPolicy& policy, const PolicyVersion& version);
api::PolicyVersion describe_in_list(const ManagedPolicy& policy, const PolicyVersion& version);

}  // namespace millstream::iam
