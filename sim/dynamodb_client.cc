#include "sim/dynamodb_client.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "sim/resource_client.h"

namespace millstream::sim {
namespace {

using Json = nlohmann::json;

int64_t number_of(const Json& attribute) {
  const std::string text = attribute["N"];
  int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

ItemState state_of(const Json& item) {
  if (!item.is_object() || !item.contains("t")) return std::nullopt;
  return ItemValue{item["t"]["S"], number_of(item["c"])};
}

ItemKey key_of(const Json& item) {
  return {item["pk"]["S"], number_of(item["sk"])};
}

std::string key_json(const ItemKey& key) {
  return fmt::format(R"("pk":{{"S":"{}"}},"sk":{{"N":"{}"}})", key.first, key.second);
}

const char* operation_of(ItemCall::Kind kind) {
  switch (kind) {
    case ItemCall::Kind::kGet:
      return "GetItem";
    case ItemCall::Kind::kPut:
      return "PutItem";
    case ItemCall::Kind::kUpdate:
      return "UpdateItem";
    case ItemCall::Kind::kDelete:
      return "DeleteItem";
  }
  return "";
}

std::string item_json(const ItemKey& key, const ItemCall& put) {
  return fmt::format(R"({{{},"t":{{"S":"{}"}},"c":{{"N":"0"}}}})", key_json(key), put.text);
}

std::string request_json(const std::string& table, const ItemKey& key, const ItemCall& call) {
  std::string json = fmt::format(R"({{"TableName":"{}")", table);
  std::string values;
  if (call.kind == ItemCall::Kind::kPut) {
    json += R"(,"Item":)" + item_json(key, call);
  } else {
    json += fmt::format(R"(,"Key":{{{}}})", key_json(key));
  }
  if (call.kind == ItemCall::Kind::kGet) return json + R"(,"ConsistentRead":true})";
  if (call.kind == ItemCall::Kind::kUpdate) {
    json += R"(,"UpdateExpression":"SET t = :t ADD c :one","ReturnValues":"ALL_NEW")";
    values = fmt::format(R"(":t":{{"S":"{}"}},":one":{{"N":"1"}})", call.text);
  } else if (!call.quiet) {
    json += R"(,"ReturnValues":"ALL_OLD")";
  }
  switch (call.condition) {
    case ItemCall::Condition::kNone:
      break;
    case ItemCall::Condition::kAbsent:
      json += R"-(,"ConditionExpression":"attribute_not_exists(pk)")-";
      break;
    case ItemCall::Condition::kPresent:
      json += R"-(,"ConditionExpression":"attribute_exists(pk)")-";
      break;
    case ItemCall::Condition::kTextIs:
      json += R"(,"ConditionExpression":"t = :e")";
      values += fmt::format(R"({}":e":{{"S":"{}"}})", values.empty() ? "" : ",", call.expected);
      break;
  }
  if (!values.empty()) json += fmt::format(R"(,"ExpressionAttributeValues":{{{}}})", values);
  return json + "}";
}

void check_answer(World& world, TableModel& table, const ItemKey& key, uint64_t id,
                  const ItemAnswer& answer, const char* operation) {
  ItemModel& item = table.items[key];
  const std::string before = item.text();
  if (answer.value) table.last_texts[key] = answer.value->text;
  if (item.answered(id, answer)) return;
  const std::string said = answer.condition_failed ? "that its condition failed"
                           : answer.value
                               ? fmt::format("{}#{}", answer.value->text, answer.value->count)
                               : "that nothing is there";
  world.findings.add("items are linearizable",
                     fmt::format("{} of {}/{} in {} says {}; it can only have been: {}", operation,
                                 key.first, key.second, table.name, said, before));
}

// A read of several items at once: of each of `keys`, begun before the read and answered after it.
class WideRead {
 public:
  WideRead(World& world, TableModel& table, const std::string* partition)
      : world_(world), table_(table) {
    for (auto& [key, item] : table.items) {
      if (partition && key.first != *partition) continue;
      if (item.open_calls() > ItemModel::kOpenCallsMax) continue;
      const uint64_t id = world.new_id();
      item.begin(id, ItemCall{});
      calls_.emplace(key, id);
    }
  }
  void add(const Json& item) {
    const ItemKey key = key_of(item);
    if (!found_.emplace(key, state_of(item)).second) {
      world_.findings.add("a page repeats nothing",
                          fmt::format("{}: {}/{} comes twice", table_.name, key.first, key.second));
    }
  }
  void answer(const char* operation) {
    for (const auto& [key, id] : calls_) {
      const auto found = found_.find(key);
      const ItemAnswer answer{false, found == found_.end() ? std::nullopt : found->second};
      check_answer(world_, table_, key, id, answer, operation);
    }
    for (const auto& [key, state] : found_) {
      // An item whose first write began after the read did may be there, or not.
      if (calls_.contains(key) || table_.items.contains(key)) continue;
      world_.findings.add("only what was sent is seen",
                          fmt::format("{} of {} shows {}/{}, which was never written", operation,
                                      table_.name, key.first, key.second));
    }
  }
  void abandon() {
    for (const auto& [key, id] : calls_) table_.items[key].refused(id);
  }
  [[nodiscard]] size_t count() const { return found_.size(); }

 private:
  World& world_;
  TableModel& table_;
  std::map<ItemKey, uint64_t> calls_;
  std::map<ItemKey, ItemState> found_;
};

io::Task<bool> read_pages(World& world, Node& node, io::Executor& home, std::string operation,
                          std::string request, WideRead& read) {
  std::string from;
  do {
    std::string json =
        from.empty() ? request + "}" : fmt::format(R"({},"ExclusiveStartKey":{}}})", request, from);
    Reply reply = co_await node.call(home, "dynamodb", operation, std::move(json));
    world.explain(node, reply, operation);
    if (reply.ending != Ending::kDone) co_return false;
    const Json answer = Json::parse(reply.json);
    for (const Json& item : answer["Items"]) read.add(item);
    from = answer.contains("LastEvaluatedKey") ? answer["LastEvaluatedKey"].dump() : "";
  } while (!from.empty());
  co_return !node.is_dead();
}

io::Task<> check_count(World& world, Node& node, io::Executor& home,
                       std::shared_ptr<TableModel> table, size_t count) {
  std::string json = fmt::format(R"({{"TableName":"{}"}})", table->name);
  Reply reply = co_await node.call(home, "dynamodb", "DescribeTable", std::move(json));
  world.explain(node, reply, "DescribeTable");
  if (reply.ending != Ending::kDone) co_return;
  const Json answer = Json::parse(reply.json);
  const size_t told = answer["Table"]["ItemCount"];
  if (told == count) co_return;
  world.findings.add(
      "nothing is half applied",
      fmt::format("{} says that it has {} items; it has {}", table->name, told, count));
}

}  // namespace

io::Task<Ending> call_item(World& world, Node& node, io::Executor& home,
                           std::shared_ptr<TableModel> table, ItemKey key, ItemCall call) {
  if (table->items[key].open_calls() >= ItemModel::kOpenCallsMax) co_return Ending::kRefused;
  ++table->under_way;
  const uint64_t id = world.new_id();
  const char* operation = operation_of(call.kind);
  std::string json = request_json(table->name, key, call);
  const bool is_read = call.kind == ItemCall::Kind::kGet;
  table->items[key].begin(id, std::move(call));
  Reply reply = co_await node.call(home, "dynamodb", operation, std::move(json));
  --table->under_way;
  world.trace.note(static_cast<uint64_t>(reply.ending));
  ItemAnswer answer;
  if (reply.ending == Ending::kDone) {
    const Json body = Json::parse(reply.json);
    answer.value = state_of(body.value(is_read ? "Item" : "Attributes", Json()));
  } else if (reply.error_type == "ConditionalCheckFailedException") {
    answer.condition_failed = true;
  } else {
    world.explain(node, reply, operation);
    const bool has_no_effect = is_read || reply.ending == Ending::kRefused;
    if (node.is_dead()) co_return reply.ending;
    ItemModel& item = table->items[key];
    has_no_effect ? item.refused(id) : item.abandoned(id);
    co_return reply.ending;
  }
  check_answer(world, *table, key, id, answer, operation);
  co_return Ending::kDone;
}

namespace {

std::string write_request_json(const ItemKey& key, const ItemCall& call) {
  if (call.kind == ItemCall::Kind::kDelete) {
    return fmt::format(R"({{"DeleteRequest":{{"Key":{{{}}}}}}})", key_json(key));
  }
  return fmt::format(R"({{"PutRequest":{{"Item":{}}}}})", item_json(key, call));
}

}  // namespace

io::Task<> write_batch(World& world, Node& node, io::Executor& home,
                       std::shared_ptr<TableModel> table, ItemWrites writes) {
  std::erase_if(writes, [&](const auto& write) {
    return table->items[write.first].open_calls() >= ItemModel::kOpenCallsMax;
  });
  if (writes.empty()) co_return;
  ++table->under_way;
  std::map<ItemKey, uint64_t> calls;
  std::string requests;
  for (auto& [key, call] : writes) {
    requests += (requests.empty() ? "" : ",") + write_request_json(key, call);
    table->items[key].begin(calls[key] = world.new_id(), std::move(call));
  }
  std::string json = fmt::format(R"({{"RequestItems":{{"{}":[{}]}}}})", table->name, requests);
  Reply reply = co_await node.call(home, "dynamodb", "BatchWriteItem", std::move(json));
  --table->under_way;
  world.trace.note(static_cast<uint64_t>(reply.ending));
  world.explain(node, reply, "BatchWriteItem");
  if (reply.ending != Ending::kDone && node.is_dead()) co_return;
  for (const auto& [key, id] : calls) {
    if (reply.ending == Ending::kDone) {
      check_answer(world, *table, key, id, {}, "BatchWriteItem");
    } else {
      table->items[key].abandoned(id);  // a part of the batch may have happened
    }
  }
}

io::Task<> query_partition(World& world, Node& node, io::Executor& home,
                           std::shared_ptr<TableModel> table, std::string partition, int limit,
                           bool forward) {
  ++table->under_way;
  WideRead read(world, *table, &partition);
  std::string request = fmt::format(
      R"({{"TableName":"{}","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{{":p":{{"S":"{}"}}}},"ConsistentRead":true,"ScanIndexForward":{},"Limit":{})",
      table->name, partition, forward, limit);
  const bool whole = co_await read_pages(world, node, home, "Query", std::move(request), read);
  --table->under_way;
  if (node.is_dead()) co_return;
  if (whole) {
    read.answer("Query");
  } else {
    read.abandon();
  }
}

namespace {

ResourceCall call_of(const char* operation, const TableModel& table, const std::string& more) {
  return {"dynamodb", operation, fmt::format(R"({{"TableName":"{}"{}}})", table.name, more)};
}

}  // namespace

io::Task<> create_table(World& world, Node& node, io::Executor& home,
                        std::shared_ptr<TableModel> table) {
  constexpr const char* kSchema =
      R"(,"BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"}])";
  return change_resource(world, node, home, table, call_of("CreateTable", *table, kSchema),
                         Resource::Stage::kActive);
}

io::Task<> delete_table(World& world, Node& node, io::Executor& home,
                        std::shared_ptr<TableModel> table) {
  return change_resource(world, node, home, table, call_of("DeleteTable", *table, ""),
                         Resource::Stage::kGone);
}

io::Task<> verify_table(World& world, Node& node, io::Executor& home,
                        std::shared_ptr<TableModel> table, bool quiet) {
  ResourceCall call = call_of("DescribeTable", *table, "");
  const bool is_there = co_await look_for_resource(world, node, home, table, std::move(call));
  if (!is_there) co_return;
  ++table->under_way;
  WideRead read(world, *table, nullptr);
  std::string request =
      fmt::format(R"({{"TableName":"{}","ConsistentRead":true,"Limit":50)", table->name);
  const bool whole = co_await read_pages(world, node, home, "Scan", std::move(request), read);
  --table->under_way;
  if (node.is_dead()) co_return;
  if (!whole) {
    read.abandon();
    co_return;
  }
  read.answer("Scan");
  if (quiet) co_await check_count(world, node, home, table, read.count());
}

}  // namespace millstream::sim
