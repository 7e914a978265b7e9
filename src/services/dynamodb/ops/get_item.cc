#include "services/dynamodb/capacity.h"
#include "services/dynamodb/item_key.h"
#include "services/dynamodb/item_reader.h"
#include "services/dynamodb/model/item_size.h"
#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/service.h"

namespace millstream::dynamodb::ops {

io::Task<aws::Result<api::GetItemOutput>> get_item(Service& service,
                                                   const aws::RequestContext& context,
                                                   api::GetItemInput input) {
  aws::Result<> name = check_table_name(input.table_name, 1);
  if (!name) co_return name.take_error();
  aws::Result<Projection> projection =
      read_projection(Wording::kRead, input.projection_expression, input.attributes_to_get,
                      input.expression_attribute_names);
  if (!projection) co_return projection.take_error();
  aws::Result<> values = check_values(Wording::kRead, input.key);
  if (!values) co_return values.take_error();
  auto table = find_table(service, context, input.table_name);
  if (!table) co_return table.take_error();
  aws::Result<ItemPlace> place = place_of_key(service.lanes(), **table, input.key);
  if (!place) co_return place.take_error();

  aws::Result<std::optional<Item>> item =
      co_await read_item(service, context, std::move(place->key));
  if (!item) co_return item.take_error();
  api::GetItemOutput output;
  const size_t size = *item ? item_size(**item) : 0;
  output.consumed_capacity =
      consumed_capacity(input.return_consumed_capacity, (*table)->address.name,
                        read_units(size, input.consistent_read.value_or(false)));
  if (*item) output.item = projected(*projection, std::move(**item));
  co_return output;
}

}  // namespace millstream::dynamodb::ops
