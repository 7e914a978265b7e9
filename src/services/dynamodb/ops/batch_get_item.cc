#include <set>

#include "services/dynamodb/capacity.h"
#include "services/dynamodb/item_key.h"
#include "services/dynamodb/item_reader.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/model/item_size.h"
#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/service.h"

namespace millstream::dynamodb::ops {
namespace {

struct TableGets {
  std::string name;  // as the request says it
  std::shared_ptr<const Table> table;
  const api::KeysAndAttributes* request = nullptr;
  Projection projection;
  std::vector<std::string> places;
};

aws::Result<> check_mixture(const api::BatchGetItemInput& input) {
  bool expressions = false;
  bool legacy = false;
  size_t keys = 0;
  for (const auto& [name, request] : input.request_items) {
    expressions = expressions || request.projection_expression;
    legacy = legacy || request.attributes_to_get;
    keys += request.keys.size();
  }
  aws::Result<> parameters =
      check_parameters(Wording::kRead, {{"ProjectionExpression", expressions}},
                       {{"AttributesToGet", legacy}}, false, false);
  if (!parameters) return parameters;
  if (keys <= kBatchGetKeysMax) return {};
  return aws::validation_error("Too many items requested for the BatchGetItem call");
}

aws::Result<TableGets> prepare(Service& service, const aws::RequestContext& context,
                               const std::string& name, const api::KeysAndAttributes& request) {
  TableGets gets{.name = name, .request = &request};
  aws::Result<Projection> projection =
      read_projection(Wording::kRead, request.projection_expression, request.attributes_to_get,
                      request.expression_attribute_names);
  if (!projection) return projection.take_error();
  gets.projection = projection.take();
  for (const Item& key : request.keys) {
    aws::Result<> values = check_values(Wording::kRead, key);
    if (!values) return values.take_error();
  }
  auto table = find_table(service, context, name);
  if (!table) return table.take_error();
  gets.table = table.take();
  std::set<std::string> seen;
  for (const Item& key : request.keys) {
    aws::Result<ItemPlace> place = place_of_key(service.lanes(), *gets.table, key);
    if (!place) return place.take_error();
    if (!seen.insert(place->key).second) {
      return aws::validation_error("Provided list of item keys contains duplicates");
    }
    gets.places.push_back(std::move(place->key));
  }
  return gets;
}

// What the table's items come to in the answer; keys past the answer's size are given back.
aws::Result<double> add_answers(const TableGets& gets,
                                std::vector<aws::Result<std::optional<Item>>> items,
                                size_t* answer_bytes, api::BatchGetItemOutput* output) {
  double units = 0;
  std::vector<Item>& responses = (*output->responses)[gets.name];
  std::vector<Item> unprocessed;
  for (size_t i = 0; i < items.size(); ++i) {
    if (!items[i]) return items[i].take_error();
    const size_t size = *items[i] ? item_size(**items[i]) : 0;
    if (*answer_bytes + size > kBatchGetBytesMax) {
      unprocessed.push_back(gets.request->keys[i]);
      continue;
    }
    *answer_bytes += size;
    units += read_units(size, gets.request->consistent_read.value_or(false));
    if (*items[i]) responses.push_back(projected(gets.projection, std::move(**items[i])));
  }
  if (!unprocessed.empty()) {
    api::KeysAndAttributes& rest = (*output->unprocessed_keys)[gets.name];
    rest = *gets.request;
    rest.keys = std::move(unprocessed);
  }
  return units;
}

}  // namespace

io::Task<aws::Result<api::BatchGetItemOutput>> batch_get_item(Service& service,
                                                              const aws::RequestContext& context,
                                                              api::BatchGetItemInput input) {
  aws::Result<> mixture = check_mixture(input);
  if (!mixture) co_return mixture.take_error();
  std::vector<TableGets> all;
  for (const auto& [name, request] : input.request_items) {
    aws::Result<TableGets> gets = prepare(service, context, name, request);
    if (!gets) co_return gets.take_error();
    all.push_back(gets.take());
  }
  api::BatchGetItemOutput output;
  output.responses.emplace();
  output.unprocessed_keys.emplace();
  size_t answer_bytes = 0;
  for (TableGets& gets : all) {
    std::vector<io::Task<aws::Result<std::optional<Item>>>> reads;
    for (std::string& key : gets.places)
      reads.push_back(read_item(service, context, std::move(key)));
    auto items = co_await io::when_all(std::move(reads));
    aws::Result<double> units = add_answers(gets, std::move(items), &answer_bytes, &output);
    if (!units) co_return units.take_error();
    auto consumed = consumed_capacity(input.return_consumed_capacity, gets.name, *units);
    if (!consumed) continue;
    if (!output.consumed_capacity) output.consumed_capacity.emplace();
    output.consumed_capacity->push_back(std::move(*consumed));
  }
  co_return output;
}

}  // namespace millstream::dynamodb::ops
