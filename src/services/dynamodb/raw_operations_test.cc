// GetItem and PutItem as the wire brings them, against the same operations behind the generated
// codec.
#include <gtest/gtest.h>

#include "aws/testing/generated_input.h"
#include "base/random.h"
#include "lanes/testing/lanes_fixture.h"
#include "services/dynamodb/model/item_size.h"
#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/plain_request.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/value_json.h"

namespace millstream::dynamodb {
namespace {

class RawOperations : public ::testing::Test {
 protected:
  RawOperations() {
    node_.lanes().start();
    EXPECT_TRUE(service_.start().ok());
    for (const char* name : {"raw", "typed"}) {
      api::CreateTableInput input{.table_name = name, .billing_mode = "PAY_PER_REQUEST"};
      input.key_schema.emplace().push_back({"pk", "HASH"});
      input.attribute_definitions.emplace().push_back({"pk", "S"});
      EXPECT_TRUE(node_.run(ops::create_table(service_, context_, std::move(input))).ok());
    }
  }
  ~RawOperations() override {
    service_.stop();
    node_.drive([&] { return !service_.sweeper().busy(); });
    node_.home().run_until_idle();
  }

  static std::string body(const std::string& table, const std::string& rest) {
    return R"({"TableName":")" + table + R"(",)" + rest + "}";
  }
  // The answer, or the error's type, or nothing for what is left to the generated codec.
  using Raw = io::Task<aws::Result<std::optional<std::string>>> (*)(Service&,
                                                                    const aws::RequestContext&,
                                                                    std::string_view);
  std::optional<std::string> raw(Raw operation, const std::string& body) {
    std::string storage;
    auto answer = node_.run(operation(service_, context_, aws::padded_json(body, &storage)));
    return answer ? *answer : std::optional(answer.error().type);
  }
  std::string typed_put(const std::string& body) {
    auto input = aws::testing::generated_input<api::PutItemInput>(operation_table(service_),
                                                                  "PutItem", body);
    auto put = node_.run(ops::put_item(service_, context_, std::move(*input)));
    return put ? "{}" : put.error().type;
  }
  std::string typed_get(const std::string& body) {
    auto input = aws::testing::generated_input<api::GetItemInput>(operation_table(service_),
                                                                  "GetItem", body);
    auto got = node_.run(ops::get_item(service_, context_, std::move(*input)));
    if (!got) return got.error().type;
    std::string json;
    if (got->item) write_json(*got->item, &json);
    return got->item ? R"({"Item":)" + json + "}" : "{}";
  }
  api::TableDescription describe(const std::string& table) {
    return *node_.run(ops::describe_table(service_, context_, {.table_name = table}))->table;
  }

  lanes::testing::LanesFixture node_;
  Service service_{node_.lanes(), node_.random(), node_.home(), [](const std::string&) {}};
  aws::RequestContext context_{.home = node_.home(),
                               .account = "000000000000",
                               .region = "us-east-1",
                               .host = "localhost:4566"};
};

TEST_F(RawOperations, AnswerCountAndKeepWhatTheTypedOnesDo) {
  constexpr uint64_t kSeed = 20'261'126;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  SeededRandom random(kSeed);
  size_t refused = 0;
  for (int round = 0; round < 500; ++round) {
    const std::string key = R"({"pk":{"S":"k)" + std::to_string(random.next_u64() % 40) + R"("})";
    const std::string text = random.text(random.next_u64() % 30, "ab\x7f");
    std::string rest = R"("Item":)" + key + R"(,"v":{"S":")" + text + R"("},"n":{"N":")" +
                       std::to_string(random.next_u64() % 1'000'000) + R"("}})";
    const uint64_t condition = random.next_u64() % 4;
    if (condition == 0) rest += R"~(,"ConditionExpression":"attribute_exists(pk)")~";
    if (condition == 1) rest += R"~(,"ConditionExpression":"attribute_not_exists(n)")~";
    const auto put = raw(ops::put_item_raw, body("raw", rest));
    ASSERT_EQ(put, typed_put(body("typed", rest))) << rest;
    refused += put != "{}";
    const std::string get = R"("Key":)" + key + "}";
    ASSERT_EQ(raw(ops::get_item_raw, body("raw", get)), typed_get(body("typed", get)));
    ASSERT_EQ(describe("raw").item_count, describe("typed").item_count);
    ASSERT_EQ(describe("raw").table_size_bytes, describe("typed").table_size_bytes);
  }
  EXPECT_GT(refused, 50u);
  EXPECT_EQ(raw(ops::get_item_raw, body("raw", R"("Key":{"pk":{"S":"none"}})")), "{}");
}

TEST_F(RawOperations, LeaveWhatDoesNotFitTheTableToTheGeneratedCodec) {
  for (const char* rest :
       {R"("Item":{"v":{"S":"a"}})", R"("Item":{"pk":{"N":"1"}})", R"("Item":{"pk":{"S":""}})",
        R"~("Item":{"pk":{"S":"a"}},"ConditionExpression":"pk = :v")~",
        R"~("Item":{"pk":{"S":"a"}},"ConditionExpression":"attribute_exists(pk.a)")~",
        R"~("Item":{"pk":{"S":"a"}},"ConditionExpression":"")~"}) {
    EXPECT_EQ(raw(ops::put_item_raw, body("raw", rest)), std::nullopt) << rest;
  }
  const std::string large(kItemBytesMax, 'x');
  EXPECT_EQ(raw(ops::put_item_raw,
                body("raw", R"("Item":{"pk":{"S":"a"},"v":{"S":")" + large + R"("}})")),
            std::nullopt);
  const std::string two = R"("Key":{"pk":{"S":"a"},"v":{"S":"b"}})";
  EXPECT_EQ(raw(ops::get_item_raw, body("raw", two)), std::nullopt);
  EXPECT_EQ(raw(ops::get_item_raw, body("nowhere", R"("Key":{"pk":{"S":"a"}})")), std::nullopt);
  EXPECT_EQ(describe("raw").item_count, 0);
}

}  // namespace
}  // namespace millstream::dynamodb
