#include "services/logs/group_change.h"
#include "services/logs/operations.gen.h"

namespace millstream::logs::ops {

io::Task<aws::Result<aws::Empty>> delete_retention_policy(Service& service,
                                                          const aws::RequestContext& context,
                                                          api::DeleteRetentionPolicyRequest input) {
  auto changed =
      co_await change_group(service, context, input.log_group_name, [](GroupDocument& document) {
        document.retention_days.reset();
        return aws::Result<>();
      });
  co_return changed;
}

}  // namespace millstream::logs::ops
