#include "services/iam/role.h"

#include <fmt/format.h>

#include "aws/canonical_uri.h"
#include "services/iam/documents.h"
#include "services/iam/names.h"

namespace millstream::iam {

std::string Role::arn() const {
  return fmt::format("arn:aws:iam::{}:role{}{}", account, path, name);
}

std::string role_key(std::string_view account, std::string_view name) {
  return fmt::format("{}{}/{}", kRoleKeyPrefix, account, fold_case(name));
}

std::string to_document(const Role& role) {
  nlohmann::json document = {
      {"v", 1},
      {"account", role.account},
      {"name", role.name},
      {"path", role.path},
      {"id", role.id},
      {"created_ms", role.created_ms},
      {"max_session_seconds", role.max_session_seconds},
      {"trust_policy", role.trust_policy},
      {"policies", role.policies},
      {"attached", role.attached},
      {"tags", tags_to_json(role.tags)},
  };
  if (role.description) document["description"] = *role.description;
  return dump(document);
}

Result<Role> parse_role(std::string_view document) {
  try {
    const nlohmann::json json = nlohmann::json::parse(document);
    Role role;
    json.at("account").get_to(role.account);
    json.at("name").get_to(role.name);
    json.at("path").get_to(role.path);
    json.at("id").get_to(role.id);
    json.at("created_ms").get_to(role.created_ms);
    json.at("max_session_seconds").get_to(role.max_session_seconds);
    json.at("trust_policy").get_to(role.trust_policy);
    json.at("policies").get_to(role.policies);
    json.at("attached").get_to(role.attached);
    role.tags = tags_from_json(json.at("tags"));
    const auto description = json.find("description");
    if (description != json.end()) role.description = description->get<std::string>();
    return role;
  } catch (const nlohmann::json::exception& failure) {
    return Error{ErrorCode::kCorruption, std::string("role document: ") + failure.what()};
  }
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
