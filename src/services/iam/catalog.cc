#include "services/iam/catalog.h"

#include "services/iam/names.h"

namespace millstream::iam {

Catalog::Catalog(lanes::Lanes& lanes)
    : roles_(lanes, kRoleKeyPrefix, [](auto, auto value) { return parse_role(value); }),
      policies_(lanes, kPolicyKeyPrefix, [](auto, auto value) { return parse_policy(value); }) {}

Result<> Catalog::load() {
  Result<> loaded = roles_.load();
  return loaded ? policies_.load() : loaded;
}

std::shared_ptr<const Role> Catalog::find_role(std::string_view account,
                                               std::string_view name) const {
  auto role = roles_.find(role_key(account, name));
  return role && role->name == name ? role : nullptr;
}

std::shared_ptr<const ManagedPolicy> Catalog::find_policy(std::string_view arn) const {
  const auto parts = parse_arn(arn);
  if (!parts || parts->kind != "policy") return nullptr;
  auto policy = policies_.find(policy_key(parts->account, parts->name));
  return policy && policy->arn() == arn ? policy : nullptr;
}

std::vector<std::shared_ptr<const Role>> Catalog::roles(std::string_view account,
                                                        std::string_view after) const {
  return roles_.list_behind(role_key(account, ""), fold_case(after));
}

std::vector<std::shared_ptr<const ManagedPolicy>> Catalog::policies(std::string_view account,
                                                                    std::string_view after) const {
  return policies_.list_behind(policy_key(account, ""), fold_case(after));
}

}  // namespace millstream::iam
