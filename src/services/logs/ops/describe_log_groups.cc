#include <algorithm>

#include "services/logs/limits.h"
#include "services/logs/operations.gen.h"
#include "services/logs/service.h"

namespace millstream::logs::ops {
namespace {

aws::Result<> check(const api::DescribeLogGroupsRequest& input) {
  if (input.account_identifiers || input.include_linked_accounts.value_or(false)) {
    return aws::unsupported_parameter("accountIdentifiers", "linked accounts aren't built");
  }
  if (input.log_group_name_prefix && input.log_group_name_pattern) {
    return errors::invalid_parameter_exception(
        "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
  }
  return {};
}

bool is_wanted(const api::DescribeLogGroupsRequest& input, const Group& group) {
  const std::string& name = group.address.name;
  if (input.log_group_name_prefix && !name.starts_with(*input.log_group_name_prefix)) return false;
  if (input.log_group_name_pattern && name.find(*input.log_group_name_pattern) == name.npos) {
    return false;
  }
  if (input.log_group_class && *input.log_group_class != "STANDARD") return false;
  if (!input.log_group_identifiers) return true;
  const auto& wanted = *input.log_group_identifiers;
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& identifier) {
    return group_name_of_identifier(identifier) == name;
  });
}

api::LogGroup describe(const Catalogue& catalogue, const Group& group) {
  api::LogGroup output;
  output.log_group_name = group.address.name;
  output.creation_time = group.document.creation_ms;
  output.retention_in_days = group.document.retention_days;
  output.metric_filter_count = 0;
  output.stored_bytes = catalogue.stored_bytes(group.document.id);
  output.log_group_class = "STANDARD";
  output.arn = group_arn(group.address) + ":*";
  output.log_group_arn = group_arn(group.address);
  output.deletion_protection_enabled = false;
  return output;
}

}  // namespace

io::Task<aws::Result<api::DescribeLogGroupsResponse>> describe_log_groups(
    Service& service, const aws::RequestContext& context, api::DescribeLogGroupsRequest input) {
  aws::Result<> checked = check(input);
  if (!checked) co_return checked.take_error();
  const auto limit = static_cast<size_t>(input.limit.value_or(kDescribeMax));
  // The token is the name of the next page's first group; the prefix is a good place to begin.
  const std::string from = input.next_token.value_or(input.log_group_name_prefix.value_or(""));
  api::DescribeLogGroupsResponse output;
  output.log_groups.emplace();
  for (const Group& group : service.catalogue().groups(context.account, context.region, from)) {
    if (!is_wanted(input, group)) continue;
    if (output.log_groups->size() == limit) {
      output.next_token = group.address.name;
      break;
    }
    output.log_groups->push_back(describe(service.catalogue(), group));
  }
  co_return output;
}

}  // namespace millstream::logs::ops
