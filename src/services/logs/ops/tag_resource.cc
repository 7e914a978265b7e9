#include "services/logs/group_change.h"
#include "services/logs/limits.h"
#include "services/logs/operations.gen.h"

namespace millstream::logs::ops {

io::Task<aws::Result<aws::Empty>> tag_resource(Service& service, const aws::RequestContext& context,
                                               api::TagResourceRequest input) {
  const std::string name(group_name_of_identifier(input.resource_arn));
  auto changed =
      co_await change_group(service, context, name, [&](GroupDocument& document) -> aws::Result<> {
        for (const auto& [key, value] : input.tags) document.tags[key] = value;
        if (document.tags.size() <= kTagsMax) return {};
        return errors::too_many_tags_exception("A resource can have no more than 50 tags.");
      });
  co_return changed;
}

}  // namespace millstream::logs::ops
