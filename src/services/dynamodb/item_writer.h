#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "aws/error.h"
#include "aws/request_context.h"
#include "io/task.h"
#include "services/dynamodb/item_key.h"
#include "services/dynamodb/model/condition.h"
#include "services/dynamodb/plain_item.h"
#include "services/dynamodb/table.h"

namespace millstream::dynamodb {

class Service;

// What becomes of an item: given what is there (nullptr: nothing), the item to put, or nothing to
// take it away. Runs in the item's lane; keep it short. It may take `old` apart, which then is
// missing from what was written.
using ItemChange = std::function<aws::Result<std::optional<Item>>(Item* old)>;

struct ItemWrite {
  std::shared_ptr<const Table> table;
  ItemPlace place;
  const Condition* condition = nullptr;  // must hold of the item that is there; nullptr: none
  bool old_item_on_failure = false;      // the failed condition's error carries the item
  ItemChange change;
};

struct ItemWritten {
  std::optional<Item> old_item;
  std::optional<Item> new_item;
  size_t old_size = 0;
  size_t new_size = 0;
};

// Judges and changes one item in one transaction, with the table's counts. Fails with
// ConditionalCheckFailedException, with the change's error, or with ResourceNotFoundException when
// the table went meanwhile; then nothing has changed.
io::Task<aws::Result<ItemWritten>> write_item(Service& service, const aws::RequestContext& context,
                                              const ItemWrite& write);

// The same inside a transaction of the item's lane, for batches.
aws::Result<ItemWritten> write_item_here(Service& service, lanes::Transaction& transaction,
                                         const ItemWrite& write);

// An item to put as it is stored. Refers to what outlives it.
struct StoredWrite {
  const Table& table;
  const ItemPlace& place;
  const PlainItem& item;
  const Condition* condition;  // must hold of the item that is there; nullptr: none
};

// Puts it in one transaction with the table's counts. Fails with ConditionalCheckFailedException,
// or with ResourceNotFoundException when the table went meanwhile; then nothing has changed.
io::Task<aws::Result<>> put_stored_item(Service& service, const aws::RequestContext& context,
                                        const StoredWrite& write);

}  // namespace millstream::dynamodb
