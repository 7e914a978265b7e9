#include "services/dynamodb/limits.h"
#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/table_description.h"
#include "services/dynamodb/table_request.h"

namespace millstream::dynamodb::ops {

io::Task<aws::Result<api::CreateTableOutput>> create_table(Service& service,
                                                           const aws::RequestContext& context,
                                                           api::CreateTableInput input) {
  aws::Result<Table> checked = new_table(context, input);
  if (!checked) co_return checked.take_error();
  Table table = checked.take();
  table.id = service.random().next_u64();
  table.uuid = service.random().uuid();
  auto made = co_await service.lanes().run(
      context.home, service.lanes().lane_of(table_hash(table.address)),
      [&](lanes::Transaction& transaction) -> aws::Result<aws::Empty> {
        const std::string key = table_key(table.address);
        auto stored = transaction.get(key);
        if (!stored) return aws::Error(stored.take_error());
        if (*stored) {
          return errors::resource_in_use_exception("Table already exists: " + table.address.name);
        }
        table.created_ms = transaction.now_ms();
        transaction.put(key, encode_table(table));
        return aws::Empty();
      });
  if (!made) co_return made.take_error();
  api::CreateTableOutput output;
  output.table_description = describe(table, "ACTIVE", {});
  co_return output;
}

}  // namespace millstream::dynamodb::ops
