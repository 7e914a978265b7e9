#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/table_tags.h"

namespace millstream::dynamodb::ops {

io::Task<aws::Result<aws::Empty>> untag_resource(Service& service,
                                                 const aws::RequestContext& context,
                                                 api::UntagResourceInput input) {
  auto table = find_resource(service, context, input.resource_arn);
  if (!table) co_return table.take_error();
  std::function<aws::Result<>(Tags*)> change = [&](Tags* tags) -> aws::Result<> {
    for (const std::string& key : input.tag_keys) tags->erase(key);
    return {};
  };
  auto changed = co_await change_tags(service, context, table.take(), std::move(change));
  co_return changed;
}

}  // namespace millstream::dynamodb::ops
