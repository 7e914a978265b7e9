#pragma once

#include <optional>
#include <string>

#include "services/dynamodb/capacity.h"
#include "services/dynamodb/item_writer.h"
#include "services/dynamodb/request.h"
#include "services/dynamodb/write_request.h"

namespace millstream::dynamodb {

// What ReturnValues asks for; nothing for NONE, and for the old values of an item that wasn't
// there.
std::optional<Item> returned_attributes(const std::optional<std::string>& asked,
                                        const std::optional<Update>& update, ItemWritten written);

// What becomes of the item, as ItemChange says; `input` may be taken apart.
template <class Input>
using RequestedChange = aws::Result<std::optional<Item>> (*)(const Table& table,
                                                             const WriteRules& rules, Input& input,
                                                             Item* old);

// PutItem, UpdateItem and DeleteItem from the request to the answer; they differ in `change`.
template <class Output, class Input>
io::Task<aws::Result<Output>> answer_write(Service& service, const aws::RequestContext& context,
                                           Input input, RequestedChange<Input> change) {
  aws::Result<> name = check_table_name(input.table_name, 1);
  if (!name) co_return name.take_error();
  aws::Result<WriteRules> rules = write_rules(input);
  if (!rules) co_return rules.take_error();
  aws::Result<ItemWrite> write = prepare_write(service, context, *rules, input);
  if (!write) co_return write.take_error();
  write->change = [&](Item* old) { return change(*write->table, *rules, input, old); };
  aws::Result<ItemWritten> written = co_await write_item(service, context, *write);
  if (!written) co_return written.take_error();
  Output output;
  output.consumed_capacity =
      consumed_capacity(input.return_consumed_capacity, write->table->address.name,
                        write_units(written->old_size, written->new_size));
  output.attributes = returned_attributes(input.return_values, rules->update, written.take());
  co_return output;
}

}  // namespace millstream::dynamodb
