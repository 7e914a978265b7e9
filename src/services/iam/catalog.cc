#include "services/iam/catalog.h"

#include <mutex>
#include <utility>

#include "base/check.h"
#include "services/iam/names.h"

namespace millstream::iam {
namespace {

// Entries of `map` whose keys begin with `prefix` and come behind `prefix` + `after`.
template <class Map>
std::vector<typename Map::mapped_type> behind(const Map& map, const std::string& prefix,
                                              std::string_view after) {
  std::vector<typename Map::mapped_type> found;
  const std::string start = prefix + fold_case(after);
  for (auto at = map.upper_bound(start); at != map.end() && at->first.starts_with(prefix); ++at) {
    found.push_back(at->second);
  }
  return found;
}

}  // namespace

Catalog::Catalog(lanes::Lanes& lanes) : lanes_(lanes) {
  // What is observed was written by this process a moment ago, so it can be read.
  lanes.observe(std::string(kRoleKeyPrefix),
                [this](auto key, auto value) { CHECK(apply_role(key, value).ok()); });
  lanes.observe(std::string(kPolicyKeyPrefix),
                [this](auto key, auto value) { CHECK(apply_policy(key, value).ok()); });
}

Result<> Catalog::load() {
  Result<> loaded =
      lanes_.scan_now(kRoleKeyPrefix, lanes::prefix_end(kRoleKeyPrefix),
                      [this](auto key, auto value) { return apply_role(key, value); });
  if (!loaded) return loaded;
  return lanes_.scan_now(kPolicyKeyPrefix, lanes::prefix_end(kPolicyKeyPrefix),
                         [this](auto key, auto value) { return apply_policy(key, value); });
}

Result<> Catalog::apply_role(std::string_view key, std::optional<std::string_view> value) {
  std::shared_ptr<const Role> role;
  if (value) {
    Result<Role> parsed = parse_role(*value);
    if (!parsed) return parsed.take_error().in(key);
    role = std::make_shared<const Role>(parsed.take());
  }
  const std::unique_lock lock(mutex_);
  if (role) {
    roles_.insert_or_assign(std::string(key), std::move(role));
  } else {
    roles_.erase(std::string(key));
  }
  return {};
}

Result<> Catalog::apply_policy(std::string_view key, std::optional<std::string_view> value) {
  std::shared_ptr<const ManagedPolicy> policy;
  if (value) {
    Result<ManagedPolicy> parsed = parse_policy(*value);
    if (!parsed) return parsed.take_error().in(key);
    policy = std::make_shared<const ManagedPolicy>(parsed.take());
  }
  const std::unique_lock lock(mutex_);
  if (policy) {
    policies_.insert_or_assign(std::string(key), std::move(policy));
  } else {
    policies_.erase(std::string(key));
  }
  return {};
}

std::shared_ptr<const Role> Catalog::find_role(std::string_view account,
                                               std::string_view name) const {
  const std::string key = role_key(account, name);
  const std::shared_lock lock(mutex_);
  const auto found = roles_.find(key);
  if (found == roles_.end() || found->second->name != name) return nullptr;
  return found->second;
}

std::shared_ptr<const ManagedPolicy> Catalog::find_policy(std::string_view arn) const {
  const auto parts = parse_arn(arn);
  if (!parts || parts->kind != "policy") return nullptr;
  const std::string key = policy_key(parts->account, parts->name);
  const std::shared_lock lock(mutex_);
  const auto found = policies_.find(key);
  if (found == policies_.end() || found->second->arn() != arn) return nullptr;
  return found->second;
}

std::vector<std::shared_ptr<const Role>> Catalog::roles(std::string_view account,
                                                        std::string_view after) const {
  const std::shared_lock lock(mutex_);
  return behind(roles_, role_key(account, ""), after);
}

std::vector<std::shared_ptr<const ManagedPolicy>> Catalog::policies(std::string_view account,
                                                                    std::string_view after) const {
  const std::shared_lock lock(mutex_);
  return behind(policies_, policy_key(account, ""), after);
}

}  // namespace millstream::iam
