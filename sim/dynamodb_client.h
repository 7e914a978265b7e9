#pragma once

#include <map>
#include <memory>
#include <string>

#include "sim/world.h"

namespace millstream::sim {

// DynamoDB's clients, as kinesis_client.h has Kinesis's.

// Gives how it ended; a failed condition is an answer (kDone). Refused at once when too many calls
// of the item are open.
io::Task<Ending> call_item(World& world, Node& node, io::Executor& home,
                           std::shared_ptr<TableModel> table, ItemKey key, ItemCall call);
// Puts or deletes several items of the table, each a call of its own that answers nothing: `writes`
// are quiet and without conditions.
using ItemWrites = std::map<ItemKey, ItemCall>;
io::Task<> write_batch(World& world, Node& node, io::Executor& home,
                       std::shared_ptr<TableModel> table, ItemWrites writes);
// Reads a partition, page after page; `forward` in rising order.
io::Task<> query_partition(World& world, Node& node, io::Executor& home,
                           std::shared_ptr<TableModel> table, std::string partition, int limit,
                           bool forward);
io::Task<> create_table(World& world, Node& node, io::Executor& home,
                        std::shared_ptr<TableModel> table);
io::Task<> delete_table(World& world, Node& node, io::Executor& home,
                        std::shared_ptr<TableModel> table);

// Finds out whether a table is there, reads all of it and checks it. `quiet`: nobody else uses it.
io::Task<> verify_table(World& world, Node& node, io::Executor& home,
                        std::shared_ptr<TableModel> table, bool quiet);

}  // namespace millstream::sim
