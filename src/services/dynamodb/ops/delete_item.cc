#include "services/dynamodb/capacity.h"
#include "services/dynamodb/item_writer.h"
#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/write_request.h"

namespace millstream::dynamodb::ops {
namespace {

aws::Result<ItemWrite> prepare(Service& service, const aws::RequestContext& context,
                               const api::DeleteItemInput& input, const WriteRules& rules) {
  aws::Result<> values = check_values(Wording::kWrite, input.key);
  if (!values) return values.take_error();
  auto table = find_table(service, context, input.table_name);
  if (!table) return table.take_error();
  aws::Result<ItemPlace> place = place_of_key(service.lanes(), **table, input.key);
  if (!place) return place.take_error();
  if (rules.condition) {
    aws::Result<> paths = check_key_paths(**table, *rules.condition);
    if (!paths) return paths.take_error();
  }
  return ItemWrite{.table = table.take(),
                   .place = place.take(),
                   .condition = rules.condition ? &*rules.condition : nullptr,
                   .old_item_on_failure = rules.old_item_on_failure,
                   .change = [](const Item*) -> aws::Result<std::optional<Item>> {
                     return std::optional<Item>();
                   }};
}

}  // namespace

io::Task<aws::Result<api::DeleteItemOutput>> delete_item(Service& service,
                                                         const aws::RequestContext& context,
                                                         api::DeleteItemInput input) {
  aws::Result<> name = check_table_name(input.table_name, 1);
  if (!name) co_return name.take_error();
  aws::Result<WriteRules> rules = write_rules(input);
  if (!rules) co_return rules.take_error();
  aws::Result<ItemWrite> write = prepare(service, context, input, *rules);
  if (!write) co_return write.take_error();
  aws::Result<ItemWritten> written = co_await write_item(service, context, *write);
  if (!written) co_return written.take_error();
  api::DeleteItemOutput output;
  output.consumed_capacity =
      consumed_capacity(input.return_consumed_capacity, write->table->address.name,
                        write_units(written->old_size, written->new_size));
  if (input.return_values == "ALL_OLD") output.attributes = std::move(written->old_item);
  co_return output;
}

}  // namespace millstream::dynamodb::ops
