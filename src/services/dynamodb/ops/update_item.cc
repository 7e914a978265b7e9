#include "services/dynamodb/model/item_size.h"
#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/write_answer.h"

namespace millstream::dynamodb::ops {
namespace {

// The key itself can't be changed.
aws::Result<> check_targets(const Table& table, const Update& update) {
  for (const UpdateAction& action : update.actions()) {
    const std::string& attribute = action.path.front().name;
    if (!table.is_key(attribute)) continue;
    return aws::validation_error(
        "One or more parameter values were invalid: Cannot update attribute " + attribute +
        ". This attribute is part of the key");
  }
  return {};
}

// An item that isn't there begins with its key; without any update it becomes just that.
aws::Result<std::optional<Item>> updated_item(const Table& table, const WriteRules& rules,
                                              api::UpdateItemInput& input, Item* old) {
  if (old == nullptr) old = &input.key;
  Item start = rules.returns_old_item ? *old : std::move(*old);
  if (!rules.update) return std::optional<Item>(std::move(start));
  aws::Result<> targets = check_targets(table, *rules.update);
  if (!targets) return targets.take_error();
  Result<Item> applied = rules.update->apply(std::move(start));
  if (!applied) return item_error(applied.error());
  if (item_size(*applied) > kItemBytesMax) {
    return aws::validation_error("Item size to update has exceeded the maximum allowed size");
  }
  return std::optional<Item>(applied.take());
}

}  // namespace

io::Task<aws::Result<api::UpdateItemOutput>> update_item(Service& service,
                                                         const aws::RequestContext& context,
                                                         api::UpdateItemInput input) {
  return answer_write<api::UpdateItemOutput>(service, context, std::move(input), updated_item);
}

}  // namespace millstream::dynamodb::ops
