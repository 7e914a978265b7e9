#include <map>
#include <set>

#include "services/dynamodb/capacity.h"
#include "services/dynamodb/item_writer.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/model/item_size.h"
#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/request.h"
#include "services/dynamodb/service.h"

namespace millstream::dynamodb::ops {
namespace {

// The units that one lane's part of the batch consumed, by table name.
using Units = std::map<std::string, double>;

aws::Result<> check_count(const api::BatchWriteItemInput& input) {
  size_t requests = 0;
  for (const auto& [name, list] : input.request_items) requests += list.size();
  if (requests <= kBatchWriteRequestsMax) return {};
  return aws::validation_error("Too many items requested for the BatchWriteItem call");
}

aws::Result<ItemPlace> place_of(Service& service, const Table& table,
                                const api::WriteRequest& request) {
  if (request.delete_request) {
    const Item& key = request.delete_request->key;
    aws::Result<> values = check_values(Wording::kBatch, key);
    if (!values) return values.take_error();
    return place_of_key(service.lanes(), table, key);
  }
  const Item& item = request.put_request->item;
  aws::Result<> values = check_values(Wording::kBatch, item);
  if (!values) return values.take_error();
  // A batch judges an item's key as it judges a key, whatever else is in the item.
  Item key;
  for (const auto& [name, value] : item) {
    if (table.is_key(name)) key.emplace(name, value);
  }
  aws::Result<ItemPlace> place = place_of_key(service.lanes(), table, key);
  if (place && item_size(item) > kItemBytesMax) {
    return aws::validation_error("Item size has exceeded the maximum allowed size");
  }
  return place;
}

aws::Result<ItemWrite> prepare(Service& service, std::shared_ptr<const Table> table,
                               api::WriteRequest& request) {
  if (request.delete_request.has_value() == request.put_request.has_value()) {
    return aws::validation_error(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
        "supported datatypes");
  }
  aws::Result<ItemPlace> place = place_of(service, *table, request);
  if (!place) return place.take_error();
  return ItemWrite{.table = std::move(table),
                   .place = place.take(),
                   .change = [&request](const Item*) -> aws::Result<std::optional<Item>> {
                     if (request.delete_request) return std::optional<Item>();
                     return std::optional<Item>(std::move(request.put_request->item));
                   }};
}

using Writes = std::map<lanes::LaneId, std::vector<ItemWrite>>;

aws::Result<Writes> prepare_all(Service& service, const aws::RequestContext& context,
                                api::BatchWriteItemInput& input) {
  Writes writes;
  std::set<std::string> seen;
  for (auto& [name, requests] : input.request_items) {
    auto table = find_table(service, context, name);
    if (!table) return table.take_error();
    for (api::WriteRequest& request : requests) {
      aws::Result<ItemWrite> write = prepare(service, *table, request);
      if (!write) return write.take_error();
      if (!seen.insert(write->place.key).second) {
        return aws::validation_error("Provided list of item keys contains duplicates");
      }
      writes[write->place.lane].push_back(write.take());
    }
  }
  return writes;
}

io::Task<aws::Result<Units>> write_lane(Service& service, const aws::RequestContext& context,
                                        lanes::LaneId lane, const std::vector<ItemWrite>& writes) {
  auto written = co_await service.lanes().run(
      context.home, lane, [&](lanes::Transaction& transaction) -> aws::Result<Units> {
        Units units;
        for (const ItemWrite& write : writes) {
          aws::Result<ItemWritten> one = write_item_here(service, transaction, write);
          if (!one) return one.take_error();
          units[write.table->address.name] += write_units(one->old_size, one->new_size);
        }
        return units;
      });
  co_return written;
}

}  // namespace

io::Task<aws::Result<api::BatchWriteItemOutput>> batch_write_item(
    Service& service, const aws::RequestContext& context, api::BatchWriteItemInput input) {
  aws::Result<> count = check_count(input);
  if (!count) co_return count.take_error();
  aws::Result<Writes> writes = prepare_all(service, context, input);
  if (!writes) co_return writes.take_error();
  std::vector<io::Task<aws::Result<Units>>> parts;
  for (const auto& [lane, list] : *writes) {
    parts.push_back(write_lane(service, context, lane, list));
  }
  auto results = co_await io::when_all(std::move(parts));
  Units units;
  for (aws::Result<Units>& result : results) {
    if (!result) co_return result.take_error();
    for (const auto& [table, consumed] : *result) units[table] += consumed;
  }
  api::BatchWriteItemOutput output;
  output.unprocessed_items.emplace();
  for (const auto& [table, consumed] : units) {
    auto capacity = consumed_capacity(input.return_consumed_capacity, table, consumed);
    if (!capacity) continue;
    if (!output.consumed_capacity) output.consumed_capacity.emplace();
    output.consumed_capacity->push_back(std::move(*capacity));
  }
  co_return output;
}

}  // namespace millstream::dynamodb::ops
