#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/request.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/table_description.h"

namespace millstream::dynamodb::ops {

// The table goes at once; its items follow in the background (sweeper.h).
io::Task<aws::Result<api::DeleteTableOutput>> delete_table(Service& service,
                                                           const aws::RequestContext& context,
                                                           api::DeleteTableInput input) {
  auto found = find_named_table(service, context, input.table_name);
  if (!found) co_return found.take_error();
  const std::shared_ptr<const Table> table = found.take();
  if (table->deletion_protection) {
    co_return aws::validation_error(
        "Resource cannot be deleted as it is currently protected against deletion. Disable "
        "deletion "
        "protection first.");
  }
  auto removed = co_await service.lanes().run(
      context.home, service.lanes().lane_of(table_hash(table->address)),
      [&](lanes::Transaction& transaction) -> aws::Result<aws::Empty> {
        // Another DeleteTable may have come first.
        if (!service.catalogue().has_id(table->id)) {
          return errors::resource_not_found_exception(
              "Requested resource not found: Table: " + input.table_name + " not found");
        }
        const std::string key = table_key(table->address);
        auto stored = transaction.get(key);
        if (!stored) return aws::Error(stored.take_error());
        if (!*stored) return table_not_found();
        transaction.erase(key);
        transaction.put(removal_key(table->address, table->id), "");
        return aws::Empty();
      });
  if (!removed) co_return removed.take_error();
  service.sweeper().wake();
  api::DeleteTableOutput output;
  output.table_description = describe(*table, "DELETING", {});
  co_return output;
}

}  // namespace millstream::dynamodb::ops
