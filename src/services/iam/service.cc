#include "services/iam/service.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "lanes/stored_document.h"
#include "services/iam/names.h"

namespace millstream::iam {
namespace {

constexpr std::string_view kAwsPolicyPrefix = "arn:aws:iam::aws:policy/";

// What find_policy and read_policy refuse before they look.
aws::Result<> check_customer_arn(std::string_view arn) {
  aws::Result<> checked = check_policy_arn(arn);
  if (!checked) return checked;
  if (!is_aws_managed(arn)) return {};
  return aws::unsupported_parameter("PolicyArn",
                                    "AWS's own policies can be attached, but aren't kept here");
}

}  // namespace

lanes::LaneId Service::lane_of(std::string_view account) const {
  return lanes_.lane_of(stable_hash(fmt::format("m{}", account)));
}

aws::Result<std::shared_ptr<const Role>> Service::find_role(const aws::RequestContext& context,
                                                            std::string_view name) const {
  auto role = catalog_.find_role(context.account, name);
  if (!role) return no_such_role(name);
  return role;
}

aws::Result<std::shared_ptr<const ManagedPolicy>> Service::find_policy(
    const aws::RequestContext& context, std::string_view arn) const {
  aws::Result<> checked = check_customer_arn(arn);
  if (!checked) return checked.take_error();
  auto policy = catalog_.find_policy(arn);
  if (!policy || policy->account != context.account) return no_such_policy(arn);
  return policy;
}

io::Task<aws::Result<aws::Empty>> Service::change_role(const aws::RequestContext& context,
                                                       std::string name,
                                                       std::function<aws::Result<>(Role&)> change) {
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<aws::Empty> {
    aws::Result<Role> role = read_role(transaction, context.account, name);
    if (!role) return role.take_error();
    aws::Result<> changed = change(*role);
    if (!changed) return changed.take_error();
    write(transaction, *role);
    return aws::Empty{};
  };
  auto done = co_await lanes_.run(context.home, lane_of(context.account), body);
  co_return done;
}

io::Task<aws::Result<aws::Empty>> Service::change_policy(
    const aws::RequestContext& context, std::string arn,
    std::function<aws::Result<>(ManagedPolicy&)> change) {
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<aws::Empty> {
    aws::Result<ManagedPolicy> policy = read_policy(transaction, context.account, arn);
    if (!policy) return policy.take_error();
    aws::Result<> changed = change(*policy);
    if (!changed) return changed.take_error();
    write(transaction, *policy);
    return aws::Empty{};
  };
  auto done = co_await lanes_.run(context.home, lane_of(context.account), body);
  co_return done;
}

aws::Result<Role> read_role(lanes::Transaction& transaction, std::string_view account,
                            std::string_view name) {
  auto role = lanes::get_document(transaction, role_key(account, name), parse_role);
  if (!role) return aws::Error(role.take_error());
  if (!*role || (*role)->name != name) return no_such_role(name);
  return std::move(**role);
}

aws::Result<ManagedPolicy> read_policy(lanes::Transaction& transaction, std::string_view account,
                                       std::string_view arn) {
  aws::Result<> checked = check_customer_arn(arn);
  if (!checked) return checked.take_error();
  const auto parts = parse_arn(arn);
  if (parts->account != account) return no_such_policy(arn);
  auto policy = lanes::get_document(transaction, policy_key(account, parts->name), parse_policy);
  if (!policy) return aws::Error(policy.take_error());
  if (!*policy || (*policy)->arn() != arn) return no_such_policy(arn);
  return std::move(**policy);
}

void write(lanes::Transaction& transaction, const Role& role) {
  transaction.put(role_key(role.account, role.name), to_document(role));
}

void write(lanes::Transaction& transaction, const ManagedPolicy& policy) {
  transaction.put(policy_key(policy.account, policy.name), to_document(policy));
}

aws::Error no_such_role(std::string_view name) {
  return errors::no_such_entity_exception(
      fmt::format("The role with name {} cannot be found.", name));
}

aws::Error no_such_policy(std::string_view arn) {
  return errors::no_such_entity_exception(fmt::format("Policy {} was not found.", arn));
}

aws::Error no_such_version(std::string_view arn, std::string_view version_id) {
  return errors::no_such_entity_exception(
      fmt::format("Policy {} version {} does not exist or is not attachable.", arn, version_id));
}

aws::Error no_such_role_policy(std::string_view policy_name) {
  return errors::no_such_entity_exception(
      fmt::format("The role policy with name {} cannot be found.", policy_name));
}

aws::Error over_quota(std::string_view quota, size_t limit) {
  return errors::limit_exceeded_exception(
      fmt::format("Cannot exceed quota for {}: {}", quota, limit));
}

aws::Result<> check_policy_arn(std::string_view arn) {
  const auto parts = parse_arn(arn);
  if (parts && parts->kind == "policy") return {};
  return errors::invalid_input_exception(fmt::format("ARN {} is not valid.", arn));
}

bool is_aws_managed(std::string_view arn) {
  return arn.starts_with(kAwsPolicyPrefix);
}

}  // namespace millstream::iam
