#include "services/dynamodb/capacity.h"
#include "services/dynamodb/item_writer.h"
#include "services/dynamodb/model/item_size.h"
#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/write_request.h"

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
aws::Result<std::optional<Item>> updated_item(const Table& table, const Item& key,
                                              const std::optional<Update>& update,
                                              const Item* old) {
  const Item& start = old != nullptr ? *old : key;
  if (!update) return std::optional<Item>(start);
  aws::Result<> targets = check_targets(table, *update);
  if (!targets) return targets.take_error();
  Result<Item> applied = update->apply(start);
  if (!applied) return item_error(applied.error());
  if (item_size(*applied) > kItemBytesMax) {
    return aws::validation_error("Item size to update has exceeded the maximum allowed size");
  }
  return std::optional<Item>(applied.take());
}

aws::Result<ItemWrite> prepare(Service& service, const aws::RequestContext& context,
                               const api::UpdateItemInput& input, const WriteRules& rules) {
  aws::Result<> values = check_values(Wording::kWrite, input.key);
  if (!values) return values.take_error();
  auto found = find_table(service, context, input.table_name);
  if (!found) return found.take_error();
  const std::shared_ptr<const Table> table = found.take();
  aws::Result<ItemPlace> place = place_of_key(service.lanes(), *table, input.key);
  if (!place) return place.take_error();
  if (rules.condition) {
    aws::Result<> paths = check_key_paths(*table, *rules.condition);
    if (!paths) return paths.take_error();
  }
  return ItemWrite{.table = table,
                   .place = place.take(),
                   .condition = rules.condition ? &*rules.condition : nullptr,
                   .old_item_on_failure = rules.old_item_on_failure,
                   .change = [table = table.get(), &input, &rules](const Item* old) {
                     return updated_item(*table, input.key, rules.update, old);
                   }};
}

// What ReturnValues asks for; nothing for NONE, and for the old values of an item that wasn't
// there.
std::optional<Item> returned(const std::optional<std::string>& asked,
                             const std::optional<Update>& update, ItemWritten written) {
  if (!asked || *asked == "NONE") return std::nullopt;
  const bool old = *asked == "ALL_OLD" || *asked == "UPDATED_OLD";
  std::optional<Item>& item = old ? written.old_item : written.new_item;
  if (!item || *asked == "ALL_OLD" || *asked == "ALL_NEW") return std::move(item);
  if (!update) return std::nullopt;
  Item changed = project(*item, update->paths());
  if (changed.empty()) return std::nullopt;
  return changed;
}

}  // namespace

io::Task<aws::Result<api::UpdateItemOutput>> update_item(Service& service,
                                                         const aws::RequestContext& context,
                                                         api::UpdateItemInput input) {
  aws::Result<> name = check_table_name(input.table_name, 1);
  if (!name) co_return name.take_error();
  aws::Result<WriteRules> rules = write_rules(input);
  if (!rules) co_return rules.take_error();
  aws::Result<ItemWrite> write = prepare(service, context, input, *rules);
  if (!write) co_return write.take_error();
  aws::Result<ItemWritten> written = co_await write_item(service, context, *write);
  if (!written) co_return written.take_error();
  api::UpdateItemOutput output;
  output.consumed_capacity =
      consumed_capacity(input.return_consumed_capacity, write->table->address.name,
                        write_units(written->old_size, written->new_size));
  output.attributes = returned(input.return_values, rules->update, written.take());
  co_return output;
}

}  // namespace millstream::dynamodb::ops
