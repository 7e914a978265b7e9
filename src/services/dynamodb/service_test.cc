#include "services/dynamodb/service.h"

#include <gtest/gtest.h>

#include "aws/json/exchange.h"
#include "lanes/testing/lanes_fixture.h"
#include "services/dynamodb/item_writer.h"
#include "services/dynamodb/keys.h"
#include "services/dynamodb/model/item_size.h"
#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/value_json.h"

namespace millstream::dynamodb {
namespace {

Value s(std::string text) {
  return Value::string(std::move(text));
}
Value n(int64_t number) {
  return Value::number(Number(number));
}

// A node with the service on it; operations run to their end.
class DynamoDb : public ::testing::Test {
 protected:
  DynamoDb() { open(); }
  ~DynamoDb() override { close(); }

  void open() {
    service_ = std::make_unique<Service>(node_.lanes(), node_.random(), node_.home(),
                                         [](const std::string&) {});
    node_.lanes().start();
    ASSERT_TRUE(service_->start().ok());
  }
  void close() {
    service_->stop();
    node_.drive([&] { return !service_->sweeper().busy(); });
    node_.home().run_until_idle();
    service_.reset();
  }
  void crash() {
    close();
    node_.restart();
    open();
  }

  template <class Input, class Output>
  aws::Result<Output> call(io::Task<aws::Result<Output>> (*operation)(Service&,
                                                                      const aws::RequestContext&,
                                                                      Input),
                           Input input) {
    return node_.run(operation(*service_, context_, std::move(input)));
  }
  std::string create(const std::string& name, bool sort) {
    api::CreateTableInput input{.table_name = name, .billing_mode = "PAY_PER_REQUEST"};
    input.key_schema.emplace().push_back({"pk", "HASH"});
    input.attribute_definitions.emplace().push_back({"pk", "S"});
    if (sort) {
      input.key_schema->push_back({"sk", "RANGE"});
      input.attribute_definitions->push_back({"sk", "N"});
    }
    auto made = call(ops::create_table, std::move(input));
    return made.ok() ? "" : made.error().message;
  }
  std::string put(const std::string& table, Item item, const char* condition = nullptr) {
    api::PutItemInput input{.table_name = table, .item = std::move(item)};
    if (condition != nullptr) input.condition_expression = condition;
    auto written = call(ops::put_item, std::move(input));
    return written.ok() ? "" : written.error().message;
  }
  // As a plain request's JSON, whose members behind the item's are `more`. "declined" if that is
  // left to the generated codec.
  std::string put_plain(const std::string& table, const Item& item, const std::string& more = "") {
    std::string json;
    write_json(item, &json);
    std::string storage;
    const std::string body = R"({"TableName":")" + table + R"(","Item":)" + json + more + "}";
    auto written =
        node_.run(ops::put_item_raw(*service_, context_, aws::padded_json(body, &storage)));
    if (!written) return written.error().type;
    return written->value_or("declined");
  }
  std::optional<Item> get(const std::string& table, Item key) {
    auto found = call(ops::get_item, {.table_name = table, .key = std::move(key)});
    EXPECT_TRUE(found.ok());
    return found.ok() ? found->item : std::nullopt;
  }
  api::TableDescription describe(const std::string& table) {
    auto described = call(ops::describe_table, {.table_name = table});
    EXPECT_TRUE(described.ok());
    return *described->table;
  }
  std::vector<int64_t> sort_keys(const std::optional<std::vector<Item>>& items) {
    std::vector<int64_t> keys;
    for (const Item& item : *items) keys.push_back(std::stoll(item.at("sk").as_number().text()));
    return keys;
  }

  lanes::testing::LanesFixture node_;
  std::unique_ptr<Service> service_;
  aws::RequestContext context_{.home = node_.home(),
                               .account = "000000000000",
                               .region = "us-east-1",
                               .host = "localhost:4566"};
};

TEST_F(DynamoDb, KeepsWhatItAcknowledgedAcrossACrash) {
  ASSERT_EQ(create("orders", false), "");
  ASSERT_EQ(put("orders", {{"pk", s("a")}, {"total", n(3)}}), "");
  crash();
  const auto item = get("orders", {{"pk", s("a")}});
  ASSERT_TRUE(item.has_value());
  EXPECT_EQ(item->at("total"), n(3));
  EXPECT_EQ(describe("orders").item_count, 1);
  EXPECT_EQ(create("orders", false), "Table already exists: orders");
}

TEST_F(DynamoDb, FailedConditionChangesNothingAndShowsTheItem) {
  ASSERT_EQ(create("orders", false), "");
  ASSERT_EQ(put("orders", {{"pk", s("a")}, {"total", n(3)}}, "attribute_not_exists(pk)"), "");
  api::PutItemInput again{.table_name = "orders",
                          .item = {{"pk", s("a")}, {"total", n(4)}},
                          .condition_expression = "attribute_not_exists(pk)",
                          .return_values_on_condition_check_failure = "ALL_OLD"};
  auto refused = call(ops::put_item, std::move(again));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().type, "ConditionalCheckFailedException");
  ASSERT_EQ(refused.error().members.size(), 1u);
  EXPECT_EQ(refused.error().members[0].json, R"({"pk":{"S":"a"},"total":{"N":"3"}})");
  EXPECT_EQ(get("orders", {{"pk", s("a")}})->at("total"), n(3));
}

TEST_F(DynamoDb, APlainPutHoldsItsCondition) {
  const std::string absent = R"~(,"ConditionExpression":"attribute_not_exists(pk)")~";
  const std::string present = R"~(,"ConditionExpression":"attribute_exists(pk)")~";
  const std::string failed = "ConditionalCheckFailedException";
  ASSERT_EQ(create("orders", false), "");
  EXPECT_EQ(put_plain("orders", {{"pk", s("a")}, {"total", n(1)}}, present), failed);
  EXPECT_FALSE(get("orders", {{"pk", s("a")}}));
  EXPECT_EQ(put_plain("orders", {{"pk", s("a")}, {"total", n(2)}}, absent), "{}");
  EXPECT_EQ(put_plain("orders", {{"pk", s("a")}, {"total", n(3)}}, absent), failed);
  EXPECT_EQ(get("orders", {{"pk", s("a")}})->at("total"), n(2));
  EXPECT_EQ(put_plain("orders", {{"pk", s("a")}, {"total", n(4)}}, present), "{}");
  EXPECT_EQ(get("orders", {{"pk", s("a")}})->at("total"), n(4));
  EXPECT_EQ(describe("orders").item_count, 1);
}

TEST_F(DynamoDb, APlainPutOfMoreThanAnItemMayHoldIsLeftToTheGeneratedCodec) {
  ASSERT_EQ(create("orders", false), "");
  Item item = {{"pk", s("a")}, {"x", s("")}};
  const std::string most(kItemBytesMax - item_size(item), 'x');
  item.at("x") = s(most + "x");
  EXPECT_EQ(put_plain("orders", item), "declined");
  EXPECT_EQ(put("orders", item), "Item size has exceeded the maximum allowed size");
  item.at("x") = s(most);
  EXPECT_EQ(put_plain("orders", item), "{}");
}

TEST_F(DynamoDb, UpdateMakesCountsAndAnswersWhatWasAsked) {
  ASSERT_EQ(create("orders", false), "");
  const auto add = [&] {
    api::UpdateItemInput input{.table_name = "orders",
                               .key = {{"pk", s("a")}},
                               .return_values = "UPDATED_NEW",
                               .update_expression = "ADD hits :one"};
    input.expression_attribute_values = Item{{":one", n(1)}};
    return call(ops::update_item, std::move(input));
  };
  ASSERT_TRUE(add().ok());
  auto second = add();
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(*second->attributes, (Item{{"hits", n(2)}}));
  EXPECT_EQ(describe("orders").item_count, 1);
  EXPECT_EQ(describe("orders").table_size_bytes, 2 + 1 + 4 + 2);
  ASSERT_TRUE(call(ops::delete_item, {.table_name = "orders", .key = {{"pk", s("a")}}}).ok());
  EXPECT_EQ(describe("orders").item_count, 0);
  EXPECT_EQ(describe("orders").table_size_bytes, 0);
}

TEST_F(DynamoDb, QueryWalksOnePartitionInSortOrder) {
  ASSERT_EQ(create("events", true), "");
  for (int64_t i : {5, -3, 12, 0, 7}) {
    ASSERT_EQ(put("events", {{"pk", s("a")}, {"sk", n(i)}}), "");
    ASSERT_EQ(put("events", {{"pk", s("b")}, {"sk", n(i)}}), "");
  }
  const auto query = [&](const char* condition, bool forward, std::optional<int32_t> limit,
                         std::optional<Item> start) {
    api::QueryInput input{.table_name = "events",
                          .limit = limit,
                          .scan_index_forward = forward,
                          .exclusive_start_key = std::move(start),
                          .key_condition_expression = condition};
    input.expression_attribute_values = Item{{":p", s("a")}};
    const std::string_view text(condition);
    if (text.find(":x") != text.npos) (*input.expression_attribute_values)[":x"] = n(0);
    if (text.find(":y") != text.npos) (*input.expression_attribute_values)[":y"] = n(7);
    auto answer = call(ops::query, std::move(input));
    EXPECT_TRUE(answer.ok()) << condition << ": " << answer.error().message;
    return *answer;
  };
  using Keys = std::vector<int64_t>;
  EXPECT_EQ(sort_keys(query("pk = :p", true, {}, {}).items), (Keys{-3, 0, 5, 7, 12}));
  EXPECT_EQ(sort_keys(query("pk = :p", false, {}, {}).items), (Keys{12, 7, 5, 0, -3}));
  EXPECT_EQ(sort_keys(query("pk = :p AND sk > :x", true, {}, {}).items), (Keys{5, 7, 12}));
  EXPECT_EQ(sort_keys(query("pk = :p AND sk <= :x", true, {}, {}).items), (Keys{-3, 0}));
  EXPECT_EQ(sort_keys(query("pk = :p AND sk BETWEEN :x AND :y", true, {}, {}).items),
            (Keys{0, 5, 7}));
  EXPECT_EQ(sort_keys(query("pk = :p AND sk = :y", true, {}, {}).items), (Keys{7}));

  Keys walked;
  std::optional<Item> start;
  do {
    auto page = query("pk = :p", false, 2, start);
    for (int64_t key : sort_keys(page.items)) walked.push_back(key);
    start = page.last_evaluated_key;
  } while (start);
  EXPECT_EQ(walked, (Keys{12, 7, 5, 0, -3}));
}

TEST_F(DynamoDb, SegmentsOfAScanPartTheTable) {
  ASSERT_EQ(create("events", false), "");
  for (int i = 0; i < 100; ++i) ASSERT_EQ(put("events", {{"pk", s(std::to_string(i))}}), "");
  std::vector<std::string> seen;
  for (int32_t segment = 0; segment < 3; ++segment) {
    std::optional<Item> start;
    do {
      auto page = call(ops::scan, {.table_name = "events",
                                   .limit = 7,
                                   .exclusive_start_key = start,
                                   .total_segments = 3,
                                   .segment = segment});
      ASSERT_TRUE(page.ok());
      for (const Item& item : *page->items) seen.push_back(item.at("pk").as_string());
      start = page->last_evaluated_key;
    } while (start);
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(seen.size(), 100u);
  EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
}

TEST_F(DynamoDb, PagesEndAtOneMegabyte) {
  ASSERT_EQ(create("events", true), "");
  for (int64_t i = 0; i < 5; ++i) {
    ASSERT_EQ(put("events", {{"pk", s("a")}, {"sk", n(i)}, {"x", s(std::string(300 * 1024, 'x'))}}),
              "");
  }
  auto page = call(ops::scan, {.table_name = "events"});
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->count, 4);
  EXPECT_TRUE(page->last_evaluated_key.has_value());
}

TEST_F(DynamoDb, BatchesWriteAndReadSeveralTables) {
  ASSERT_EQ(create("one", false), "");
  ASSERT_EQ(create("two", true), "");
  api::BatchWriteItemInput writes{.return_consumed_capacity = "TOTAL"};
  for (int i = 0; i < 20; ++i) {
    api::WriteRequest request;
    request.put_request = {.item = {{"pk", s(std::to_string(i))}}};
    writes.request_items["one"].push_back(std::move(request));
  }
  api::WriteRequest other;
  other.put_request = {.item = {{"pk", s("x")}, {"sk", n(1)}}};
  writes.request_items["two"].push_back(std::move(other));
  auto written = call(ops::batch_write_item, std::move(writes));
  ASSERT_TRUE(written.ok()) << written.error().message;
  EXPECT_TRUE(written->unprocessed_items->empty());
  EXPECT_EQ(written->consumed_capacity->size(), 2u);

  api::BatchGetItemInput reads;
  for (int i = 0; i < 30; ++i) {
    reads.request_items["one"].keys.push_back({{"pk", s(std::to_string(i))}});
  }
  reads.request_items["two"].keys.push_back({{"pk", s("x")}, {"sk", n(1)}});
  auto read = call(ops::batch_get_item, std::move(reads));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->responses->at("one").size(), 20u);
  EXPECT_EQ(read->responses->at("two").size(), 1u);
}

TEST_F(DynamoDb, AConditionSeesWhatABatchIsStillWriting) {
  ASSERT_EQ(create("orders", false), "");
  api::BatchWriteItemInput writes;
  writes.request_items["orders"].emplace_back().put_request = {.item = {{"pk", s("a")}}};
  bool written = false;
  node_.start<aws::Result<api::BatchWriteItemOutput>>(
      ops::batch_write_item(*service_, context_, std::move(writes)),
      [&written](const auto& answer) { written = answer.ok(); });
  EXPECT_EQ(put("orders", {{"pk", s("a")}}, "attribute_not_exists(pk)"),
            "The conditional request failed");
  node_.drive([&written] { return written; });
}

TEST_F(DynamoDb, DeletedTableTakesItsItemsAlong) {
  ASSERT_EQ(create("events", false), "");
  const auto id_now = [this] {
    return service_->catalogue().find({context_.account, context_.region, "events"})->id;
  };
  const uint64_t id = id_now();
  for (int i = 0; i < 50; ++i) ASSERT_EQ(put("events", {{"pk", s(std::to_string(i))}}), "");
  ASSERT_TRUE(call(ops::delete_table, {.table_name = "events"}).ok());
  EXPECT_EQ(put("events", {{"pk", s("a")}}), "Requested resource not found");
  ASSERT_EQ(create("events", false), "");
  EXPECT_NE(id_now(), id) << "it would share its items with the deleted one";
  node_.drive([&] { return service_->catalogue().removals().empty(); });
  for (const std::string& prefix : {items_prefix(id), count_prefix(id)}) {
    auto left =
        node_.run(node_.lanes().scan(node_.home(), prefix, lanes::prefix_end(prefix), 10, 1000));
    EXPECT_TRUE(left.ok() && left->entries.empty());
  }
  EXPECT_FALSE(get("events", {{"pk", s("1")}}).has_value());
}

TEST_F(DynamoDb, AWriteThatFoundItsTableBeforeTheRemovalIsRefusedBehindIt) {
  ASSERT_EQ(create("events", false), "");
  const auto table = service_->catalogue().find({context_.account, context_.region, "events"});
  const Item item = {{"pk", s("a")}};
  const ItemWrite write{.table = table,
                        .place = place_of_item(node_.lanes(), *table, item).take(),
                        .change = [&item](const Item*) { return std::optional<Item>(item); }};
  ASSERT_TRUE(call(ops::delete_table, {.table_name = "events"}).ok());
  auto written = node_.run(write_item(*service_, context_, write));
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().type, "ResourceNotFoundException");
}

TEST_F(DynamoDb, DeletionGoesOnAfterACrash) {
  ASSERT_EQ(create("events", false), "");
  for (int i = 0; i < 50; ++i) ASSERT_EQ(put("events", {{"pk", s(std::to_string(i))}}), "");
  ASSERT_TRUE(call(ops::delete_table, {.table_name = "events"}).ok());
  crash();
  node_.drive([&] { return service_->catalogue().removals().empty(); });
}

TEST_F(DynamoDb, RefusesWhatIsNotBuiltByName) {
  api::CreateTableInput input{.table_name = "orders", .billing_mode = "PAY_PER_REQUEST"};
  input.key_schema.emplace().push_back({"pk", "HASH"});
  input.attribute_definitions.emplace().push_back({"pk", "S"});
  input.stream_specification.emplace();
  input.stream_specification->stream_enabled = true;
  auto made = call(ops::create_table, std::move(input));
  ASSERT_FALSE(made.ok());
  EXPECT_NE(made.error().message.find("StreamSpecification"), std::string::npos);
}

TEST_F(DynamoDb, LegacyParametersMeanTheSame) {
  ASSERT_EQ(create("leases", false), "");
  api::PutItemInput first{.table_name = "leases", .item = {{"pk", s("a")}, {"counter", n(1)}}};
  first.expected = std::map<std::string, api::ExpectedAttributeValue>{{"pk", {.exists = false}}};
  auto again = first;
  ASSERT_TRUE(call(ops::put_item, std::move(first)).ok());
  EXPECT_EQ(call(ops::put_item, std::move(again)).error().type, "ConditionalCheckFailedException");

  api::UpdateItemInput update{.table_name = "leases", .key = {{"pk", s("a")}}};
  update.attribute_updates = std::map<std::string, api::AttributeValueUpdate>{
      {"counter", {.value = n(2), .action = "ADD"}}, {"owner", {.value = s("me")}}};
  update.expected =
      std::map<std::string, api::ExpectedAttributeValue>{{"counter", {.value = n(1)}}};
  update.return_values = "ALL_NEW";
  auto updated = call(ops::update_item, std::move(update));
  ASSERT_TRUE(updated.ok()) << updated.error().message;
  EXPECT_EQ(*updated->attributes, (Item{{"pk", s("a")}, {"counter", n(3)}, {"owner", s("me")}}));
}

}  // namespace
}  // namespace millstream::dynamodb
