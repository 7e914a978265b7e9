#include "services/logs/group_change.h"
#include "services/logs/operations.gen.h"

namespace millstream::logs::ops {

io::Task<aws::Result<aws::Empty>> untag_resource(Service& service,
                                                 const aws::RequestContext& context,
                                                 api::UntagResourceRequest input) {
  const std::string name(group_name_of_identifier(input.resource_arn));
  auto changed = co_await change_group(service, context, name, [&](GroupDocument& document) {
    for (const auto& key : input.tag_keys) document.tags.erase(key);
    return aws::Result<>();
  });
  co_return changed;
}

}  // namespace millstream::logs::ops
