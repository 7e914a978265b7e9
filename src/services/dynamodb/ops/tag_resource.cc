#include "services/dynamodb/limits.h"
#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/table_tags.h"

namespace millstream::dynamodb::ops {

io::Task<aws::Result<aws::Empty>> tag_resource(Service& service, const aws::RequestContext& context,
                                               api::TagResourceInput input) {
  auto table = find_resource(service, context, input.resource_arn);
  if (!table) co_return table.take_error();
  std::function<aws::Result<>(Tags*)> change = [&](Tags* tags) -> aws::Result<> {
    for (const api::Tag& tag : input.tags) tags->insert_or_assign(tag.key, tag.value);
    if (tags->size() > kTagsMax) return too_many_tags();
    return {};
  };
  auto changed = co_await change_tags(service, context, table.take(), std::move(change));
  co_return changed;
}

}  // namespace millstream::dynamodb::ops
