#include "services/iam/managed_policy.h"

#include <fmt/format.h>

#include "aws/canonical_uri.h"
#include "services/iam/documents.h"
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

std::string to_document(const ManagedPolicy& policy) {
  nlohmann::json versions = nlohmann::json::array();
  for (const PolicyVersion& version : policy.versions) {
    versions.push_back({{"number", version.number},
                        {"created_ms", version.created_ms},
                        {"document", version.document}});
  }
  nlohmann::json document = {
      {"v", 1},
      {"account", policy.account},
      {"name", policy.name},
      {"path", policy.path},
      {"id", policy.id},
      {"created_ms", policy.created_ms},
      {"updated_ms", policy.updated_ms},
      {"versions", std::move(versions)},
      {"default_version", policy.default_version},
      {"last_version", policy.last_version},
      {"attachment_count", policy.attachment_count},
      {"tags", tags_to_json(policy.tags)},
  };
  if (policy.description) document["description"] = *policy.description;
  return dump(document);
}

Result<ManagedPolicy> parse_policy(std::string_view document) {
  try {
    const nlohmann::json json = nlohmann::json::parse(document);
    ManagedPolicy policy;
    json.at("account").get_to(policy.account);
    json.at("name").get_to(policy.name);
    json.at("path").get_to(policy.path);
    json.at("id").get_to(policy.id);
    json.at("created_ms").get_to(policy.created_ms);
    json.at("updated_ms").get_to(policy.updated_ms);
    json.at("default_version").get_to(policy.default_version);
    json.at("last_version").get_to(policy.last_version);
    json.at("attachment_count").get_to(policy.attachment_count);
    policy.tags = tags_from_json(json.at("tags"));
    for (const nlohmann::json& version : json.at("versions")) {
      policy.versions.push_back({version.at("number").get<int32_t>(),
                                 version.at("created_ms").get<int64_t>(),
                                 version.at("document").get<std::string>()});
    }
    const auto description = json.find("description");
    if (description != json.end()) policy.description = description->get<std::string>();
    return policy;
  } catch (const nlohmann::json::exception& failure) {
    return Error{ErrorCode::kCorruption, std::string("policy document: ") + failure.what()};
  }
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
