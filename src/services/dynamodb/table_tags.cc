#include "services/dynamodb/table_tags.h"

#include "lanes/stored_document.h"
#include "services/dynamodb/api.gen.h"
#include "services/dynamodb/request.h"
#include "services/dynamodb/service.h"

namespace millstream::dynamodb {
namespace {

aws::Error resource_not_found(const std::string& arn) {
  // The word is AWS's.
  return errors::resource_not_found_exception("Requested resource not found: ResourcArn: " + arn +
                                              " not found");
}

}  // namespace

aws::Result<std::shared_ptr<const Table>> find_resource(Service& service,
                                                        const aws::RequestContext& context,
                                                        const std::string& arn) {
  if (!arn.starts_with("arn:aws:dynamodb:") || arn.find(":table/") == std::string::npos) {
    return aws::validation_error("Invalid TableArn: Invalid ResourceArn provided as input " + arn);
  }
  auto table = service.catalogue().find(table_address(context, arn));
  if (!table) return resource_not_found(arn);
  return table;
}

io::Task<aws::Result<aws::Empty>> change_tags(Service& service, const aws::RequestContext& context,
                                              std::shared_ptr<const Table> table,
                                              std::function<aws::Result<>(Tags*)> change) {
  auto changed = co_await service.lanes().run(
      context.home, service.lanes().lane_of(table_hash(table->address)),
      [&](lanes::Transaction& transaction) -> aws::Result<aws::Empty> {
        const std::string key = table_key(table->address);
        auto current = lanes::get_document(transaction, key, [&](std::string_view text) {
          return decode_table(table->address, text);
        });
        if (!current) return aws::Error(current.take_error());
        if (!*current || (*current)->id != table->id) return resource_not_found(table->arn());
        aws::Result<> done = change(&(*current)->tags);
        if (!done) return done.take_error();
        transaction.put(key, encode_table(**current));
        return aws::Empty();
      });
  co_return changed;
}

aws::Error too_many_tags() {
  return aws::validation_error(
      "One or more parameter values were invalid: Too many tags: at most 50 are allowed");
}

}  // namespace millstream::dynamodb
