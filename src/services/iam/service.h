#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "aws/request_context.h"
#include "base/random.h"
#include "io/task.h"
#include "lanes/lanes.h"
#include "services/iam/api.gen.h"
#include "services/iam/catalog.h"

namespace millstream::iam {

struct ServiceOptions {
  bool aws_quotas = false;  // --quotas aws: roles and policies per account
};

// IAM: roles with their policies, and customer managed policies, each durable before its call is
// answered. Policies are kept and given back; nothing is enforced yet (docs/compatibility.md).
//
// Operation: an account's roles and policies are the same in every region.
// Concurrency: operations run on any executor. Everything of one account is in one lane, so changes
// that touch a role and a policy are one transaction.
// Limits: services/iam/limits.h.
class Service {
 public:
  // Made before lanes.start(), which the catalogue's observers need. What it is given outlives it.
  Service(lanes::Lanes& lanes, Random& random, ServiceOptions options)
      : lanes_(lanes), random_(random), options_(options), catalog_(lanes) {}

  // Reads the catalogue; before the first request. Blocks.
  Result<> load() { return catalog_.load(); }

  [[nodiscard]] const Catalog& catalog() const { return catalog_; }

  // ---- For the operations.
  [[nodiscard]] lanes::Lanes& lanes() { return lanes_; }
  [[nodiscard]] Random& random() { return random_; }
  [[nodiscard]] const ServiceOptions& options() const { return options_; }
  [[nodiscard]] lanes::LaneId lane_of(std::string_view account) const;

  // What a request names, in the caller's account. Fail with NoSuchEntity; an ARN that is none is
  // InvalidInput, and one of AWS's own policies, whose documents aren't here, is refused by name.
  aws::Result<std::shared_ptr<const Role>> find_role(const aws::RequestContext& context,
                                                     std::string_view name) const;
  aws::Result<std::shared_ptr<const ManagedPolicy>> find_policy(const aws::RequestContext& context,
                                                                std::string_view arn) const;

  // Read what a request names, change it and write it back, as one transaction. On the failure of
  // `change` nothing is written. The names are checked as above.
  io::Task<aws::Result<aws::Empty>> change_role(const aws::RequestContext& context,
                                                std::string name,
                                                std::function<aws::Result<>(Role&)> change);
  io::Task<aws::Result<aws::Empty>> change_policy(
      const aws::RequestContext& context, std::string arn,
      std::function<aws::Result<>(ManagedPolicy&)> change);

 private:
  lanes::Lanes& lanes_;
  Random& random_;
  const ServiceOptions options_;
  Catalog catalog_;
};

// Within a transaction of the account's lane; they fail as the above.
aws::Result<Role> read_role(lanes::Transaction& transaction, std::string_view account,
                            std::string_view name);
aws::Result<ManagedPolicy> read_policy(lanes::Transaction& transaction, std::string_view account,
                                       std::string_view arn);
void write(lanes::Transaction& transaction, const Role& role);
void write(lanes::Transaction& transaction, const ManagedPolicy& policy);

aws::Error no_such_role(std::string_view name);
aws::Error no_such_policy(std::string_view arn);
aws::Error no_such_version(std::string_view arn, std::string_view version_id);
aws::Error no_such_role_policy(std::string_view policy_name);
// "Cannot exceed quota for PoliciesPerRole: 10"
aws::Error over_quota(std::string_view quota, size_t limit);
// Fails with InvalidInput if `arn` isn't a policy's.
aws::Result<> check_policy_arn(std::string_view arn);
// arn:aws:iam::aws:policy/...
bool is_aws_managed(std::string_view arn);

}  // namespace millstream::iam
