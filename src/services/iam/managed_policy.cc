#include "services/iam/managed_policy.h"

#include <fmt/format.h>

#include "aws/canonical_uri.h"
#include "base/document.h"
#include "services/iam/names.h"

namespace millstream::iam {

std::string ManagedPolicy::arn() const {
  return fmt::format("arn:aws:iam::{}:policy{}{}", account, path, name);
}

const PolicyVersion* ManagedPolicy::find_version(std::string_view version_id) const {
  for (const PolicyVersion& version : versions) {
    if (version.id() == version_id) return &version;
  }
  return nullptr;
}

std::string policy_key(std::string_view account, std::string_view name) {
  return fmt::format("{}{}/{}", kPolicyKeyPrefix, account, fold_case(name));
}

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<PolicyVersion>& version) {
  fields("number", version.number);
  fields("created_ms", version.created_ms);
  fields("document", version.document);
}

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<ManagedPolicy>& policy) {
  fields("account", policy.account);
  fields("name", policy.name);
  fields("path", policy.path);
  fields("id", policy.id);
  fields("created_ms", policy.created_ms);
  fields("updated_ms", policy.updated_ms);
  fields("description", policy.description);
  fields("versions", policy.versions);
  fields("default_version", policy.default_version);
  fields("last_version", policy.last_version);
  fields("attachment_count", policy.attachment_count);
  fields("tags", policy.tags);
}

std::string to_document(const ManagedPolicy& policy) {
  return write_document(policy);
}

Result<ManagedPolicy> parse_policy(std::string_view document) {
  return parse_document<ManagedPolicy>(document, "policy document");
}

api::Policy describe_in_list(const ManagedPolicy& policy) {
  api::Policy described;
  described.policy_name = policy.name;
  described.policy_id = policy.id;
  described.arn = policy.arn();
  described.path = policy.path;
  described.default_version_id = "v" + std::to_string(policy.default_version);
  described.attachment_count = policy.attachment_count;
  described.permissions_boundary_usage_count = 0;
  described.is_attachable = true;
  described.create_date = aws::Timestamp{policy.created_ms};
  described.update_date = aws::Timestamp{policy.updated_ms};
  return described;
}

api::Policy describe(const ManagedPolicy& policy) {
  api::Policy described = describe_in_list(policy);
  described.description = policy.description;
  described.tags = write_tags(policy.tags);
  return described;
}

api::PolicyVersion describe_in_list(const ManagedPolicy& policy, const PolicyVersion& version) {
  api::PolicyVersion described;
  described.version_id = version.id();
  described.is_default_version = version.number == policy.default_version;
  described.create_date = aws::Timestamp{version.created_ms};
  return described;
}

api::PolicyVersion describe(const ManagedPolicy& policy, const PolicyVersion& version) {
  api::PolicyVersion described = describe_in_list(policy, version);
  described.document.emplace();
  aws::append_uri_encoded(version.document, false, &*described.document);
  return described;
}

}  // namespace millstream::iam
