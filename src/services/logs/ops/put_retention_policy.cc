#include <algorithm>
#include <array>

#include "services/logs/group_change.h"
#include "services/logs/operations.gen.h"

namespace millstream::logs::ops {
namespace {

constexpr std::array kRetentionDays = {1,    3,    5,    7,    14,   30,  60,  90,
                                       120,  150,  180,  365,  400,  545, 731, 1096,
                                       1827, 2192, 2557, 2922, 3288, 3653};

aws::Error invalid_days(int32_t days) {
  std::string allowed;
  for (const int value : kRetentionDays) {
    if (!allowed.empty()) allowed += ", ";
    allowed += std::to_string(value);
  }
  return errors::invalid_parameter_exception(
      "1 validation error detected: Value '" + std::to_string(days) +
      "' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [" +
      allowed + "]");
}

}  // namespace

io::Task<aws::Result<aws::Empty>> put_retention_policy(Service& service,
                                                       const aws::RequestContext& context,
                                                       api::PutRetentionPolicyRequest input) {
  const int32_t days = input.retention_in_days;
  if (std::find(kRetentionDays.begin(), kRetentionDays.end(), days) == kRetentionDays.end()) {
    co_return invalid_days(days);
  }
  auto changed = co_await change_group(service, context, input.log_group_name,
                                       [days](GroupDocument& document) {
                                         document.retention_days = days;
                                         return aws::Result<>();
                                       });
  if (changed) service.sweeper().wake();
  co_return changed;
}

}  // namespace millstream::logs::ops
