#include "services/dynamodb/item_writer.h"

#include "lanes/stored_document.h"
#include "services/dynamodb/api.gen.h"
#include "services/dynamodb/counts.h"
#include "services/dynamodb/model/item_codec.h"
#include "services/dynamodb/model/item_size.h"
#include "services/dynamodb/model/stored_item.h"
#include "services/dynamodb/request.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/value_cbor.h"
#include "services/dynamodb/value_json.h"

namespace millstream::dynamodb {
namespace {

aws::Error condition_failed() {
  return errors::conditional_check_failed_exception("The conditional request failed");
}

aws::Error condition_failed(const ItemWrite& write, const std::optional<Item>& old_item) {
  aws::Error error = condition_failed();
  if (write.old_item_on_failure && old_item) {
    aws::Error::Member& item = error.members.emplace_back(aws::Error::Member{"Item"});
    write_json(*old_item, &item.json);
    write_cbor(*old_item, &item.cbor);
  }
  return error;
}

aws::Result<> check_holds(const Condition& condition, const std::optional<std::string>& stored) {
  Item item;
  if (stored) {
    Result<Item> decoded = decode_item(*stored);
    if (!decoded) return aws::Error(decoded.take_error());
    item = decoded.take();
  }
  if (condition.holds(item)) return {};
  return condition_failed();
}

aws::Result<> put_stored_item_here(Service& service, lanes::Transaction& transaction,
                                   const StoredWrite& write) {
  if (!service.catalogue().has_id(write.table.id)) return table_not_found();
  Result<std::optional<std::string>> old = transaction.get(write.place.key);
  if (!old) return aws::Error(old.take_error());
  if (write.condition) {
    aws::Result<> holds = check_holds(*write.condition, *old);
    if (!holds) return holds;
  }
  Counts change{.items = 1, .bytes = static_cast<int64_t>(write.item.size)};
  if (*old) {
    Result<size_t> old_size = stored_item_size(**old);
    if (!old_size) return aws::Error(old_size.take_error());
    change = {.items = 0, .bytes = change.bytes - static_cast<int64_t>(*old_size)};
  }
  transaction.put(write.place.key, write.item.stored);
  Result<> counted = change_counts(transaction, write.table.id, change);
  if (!counted) return aws::Error(counted.take_error());
  return {};
}

}  // namespace

aws::Result<ItemWritten> write_item_here(Service& service, lanes::Transaction& transaction,
                                         const ItemWrite& write) {
  if (!service.catalogue().has_id(write.table->id)) return table_not_found();
  auto old_item = lanes::get_document(transaction, write.place.key, decode_item);
  if (!old_item) return aws::Error(old_item.take_error());
  ItemWritten written{.old_item = old_item.take()};
  const Item nothing;
  Item* const old = written.old_item ? &*written.old_item : nullptr;
  if (write.condition != nullptr && !write.condition->holds(old ? *old : nothing)) {
    return condition_failed(write, written.old_item);
  }
  if (old != nullptr) written.old_size = item_size(*old);
  aws::Result<std::optional<Item>> changed = write.change(old);
  if (!changed) return changed.take_error();
  written.new_item = changed.take();
  if (written.new_item) {
    written.new_size = item_size(*written.new_item);
    transaction.put(write.place.key, encode_item(*written.new_item));
  } else if (old != nullptr) {
    transaction.erase(write.place.key);
  }
  const Counts change{
      (written.new_item ? 1 : 0) - (old ? 1 : 0),
      static_cast<int64_t>(written.new_size) - static_cast<int64_t>(written.old_size)};
  Result<> counted = change_counts(transaction, write.table->id, change);
  if (!counted) return aws::Error(counted.take_error());
  return written;
}

io::Task<aws::Result<ItemWritten>> write_item(Service& service, const aws::RequestContext& context,
                                              const ItemWrite& write) {
  auto written = co_await service.lanes().run(context.home, write.place.lane,
                                              [&](lanes::Transaction& transaction) {
                                                return write_item_here(service, transaction, write);
                                              });
  co_return written;
}

io::Task<aws::Result<>> put_stored_item(Service& service, const aws::RequestContext& context,
                                        const StoredWrite& write) {
  auto put = co_await service.lanes().run(
      context.home, write.place.lane, [&](lanes::Transaction& transaction) {
        return put_stored_item_here(service, transaction, write);
      });
  co_return put;
}

}  // namespace millstream::dynamodb
