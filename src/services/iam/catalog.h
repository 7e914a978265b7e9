#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lanes/catalogue.h"
#include "services/iam/managed_policy.h"
#include "services/iam/role.h"

namespace millstream::iam {

// Every role and customer managed policy of the node in memory, kept true by the lanes: a role is
// here before the answer to its CreateRole goes out. Thread-safe.
class Catalog {
 public:
  // Registers with `lanes`, which outlives it; before lanes are started.
  explicit Catalog(lanes::Lanes& lanes);
  // Reads what is stored.
  Result<> load();

  // nullptr if there is none, or if its name is written in another case.
  [[nodiscard]] std::shared_ptr<const Role> find_role(std::string_view account,
                                                      std::string_view name) const;
  // The same; the path of `arn` counts too.
  [[nodiscard]] std::shared_ptr<const ManagedPolicy> find_policy(std::string_view arn) const;

  // Of one account, in the order of their names without case, behind the name `after`.
  [[nodiscard]] std::vector<std::shared_ptr<const Role>> roles(std::string_view account,
                                                               std::string_view after) const;
  [[nodiscard]] std::vector<std::shared_ptr<const ManagedPolicy>> policies(
      std::string_view account, std::string_view after) const;

 private:
  lanes::Catalogue<Role> roles_;
  lanes::Catalogue<ManagedPolicy> policies_;
};

}  // namespace millstream::iam
