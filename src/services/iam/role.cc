#include "services/iam/role.h"

#include <fmt/format.h>

#include "aws/canonical_uri.h"
#include "base/document.h"
#include "services/iam/names.h"

namespace millstream::iam {

std::string Role::arn() const {
  return fmt::format("arn:aws:iam::{}:role{}{}", account, path, name);
}

std::string role_key(std::string_view account, std::string_view name) {
  return fmt::format("{}{}/{}", kRoleKeyPrefix, account, fold_case(name));
}

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<Role>& role) {
  fields("account", role.account);
  fields("name", role.name);
  fields("path", role.path);
  fields("id", role.id);
  fields("created_ms", role.created_ms);
  fields("max_session_seconds", role.max_session_seconds);
  fields("trust_policy", role.trust_policy);
  fields("description", role.description);
  fields("policies", role.policies);
  fields("attached", role.attached);
  fields("tags", role.tags);
}

std::string to_document(const Role& role) {
  return write_document(role);
}

Result<Role> parse_role(std::string_view document) {
  return parse_document<Role>(document, "role document");
}

api::Role describe_in_list(const Role& role) {
  api::Role described;
  described.path = role.path;
  described.role_name = role.name;
  described.role_id = role.id;
  described.arn = role.arn();
  described.create_date = aws::Timestamp{role.created_ms};
  described.assume_role_policy_document.emplace();
  aws::append_uri_encoded(role.trust_policy, false, &*described.assume_role_policy_document);
  described.description = role.description;
  described.max_session_duration = role.max_session_seconds;
  return described;
}

api::Role describe(const Role& role) {
  api::Role described = describe_in_list(role);
  if (!role.tags.empty()) described.tags = write_tags(role.tags);
  return described;
}

}  // namespace millstream::iam
