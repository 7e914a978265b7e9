#include "services/dynamodb/plain_request.h"

#include <gtest/gtest.h>

#include <array>

#include "aws/testing/generated_input.h"
#include "aws/testing/mutated_body.h"
#include "base/random.h"
#include "lanes/testing/lanes_fixture.h"
#include "services/dynamodb/model/item_codec.h"
#include "services/dynamodb/model/item_size.h"
#include "services/dynamodb/model/stored_item.h"
#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/value_json.h"

namespace millstream::dynamodb {
namespace {

constexpr std::string_view kPut =
    R"({"TableName":"people","Item":{"id":{"S":"SFO"},"at":{"N":"-12.50"},"raw":{"B":"AAEC"},)"
    R"("tags":{"L":[{"S":"Z\u00fcrich"},{"BOOL":true},{"NULL":true},{"L":[]}]},)"
    R"("more":{"M":{"z":{"N":"1e3"},"a":{"S":""},"m":{"M":{}}}}}})";
constexpr std::string_view kConditional = R"~({"TableName":"people","Item":{"id":{"S":"SFO"}},)~"
                                          R"~("ConditionExpression":"attribute_exists(id)"})~";
constexpr std::string_view kGet =
    R"({"TableName": "people", "Key": {"id": {"S": "SFO"}, "at": {"N": "7"}},)"
    R"( "ConsistentRead": true})";

// The oracle: what the generated codec reads.
class PlainRequestTest : public testing::Test {
 protected:
  template <class Input>
  std::optional<Input> generated(std::string_view operation, const std::string& body) {
    return aws::testing::generated_input<Input>(operation_table(service_), operation, body);
  }
  std::optional<PlainRequest> put(const std::string& body) {
    return read_plain_put_item(aws::padded_json(body, &storage_));
  }
  std::optional<PlainRequest> get(const std::string& body) {
    return read_plain_get_item(aws::padded_json(body, &storage_));
  }

  // The same table, and the same bytes, size and place of the item.
  void expect_same(const PlainRequest& plain, const std::string& table_name, const Item& item,
                   const std::string& body, bool whole_key) {
    ASSERT_EQ(find_defect(item), nullptr) << body;
    EXPECT_EQ(plain.table_name, table_name) << body;
    EXPECT_EQ(plain.item.stored, encode_item(item)) << body;
    EXPECT_EQ(plain.item.size, item_size(item)) << body;
    for (const Table& table : tables_) {
      const auto place = place_of_plain(node_.lanes(), table, plain.item, whole_key);
      if (!place) continue;
      const auto expected = whole_key ? place_of_key(node_.lanes(), table, item)
                                      : place_of_item(node_.lanes(), table, item);
      ASSERT_TRUE(expected) << body;
      EXPECT_EQ(place->key, expected->key) << body;
      EXPECT_EQ(place->lane, expected->lane) << body;
      ++placed_;
    }
  }
  // Whatever is read, the generated codec reads the same, and nothing else in it.
  void expect_agreement(const std::string& body) {
    if (const auto plain = put(body)) {
      const auto input = generated<api::PutItemInput>("PutItem", body);
      ASSERT_TRUE(input) << body;
      EXPECT_EQ(plain->condition, input->condition_expression) << body;
      EXPECT_FALSE(input->expected || input->expression_attribute_values || input->return_values ||
                   input->return_consumed_capacity || input->expression_attribute_names)
          << body;
      expect_same(*plain, input->table_name, input->item, body, false);
    }
    if (const auto plain = get(body)) {
      const auto input = generated<api::GetItemInput>("GetItem", body);
      ASSERT_TRUE(input) << body;
      EXPECT_EQ(plain->consistent_read, input->consistent_read.value_or(false)) << body;
      EXPECT_FALSE(input->projection_expression || input->attributes_to_get ||
                   input->return_consumed_capacity || input->expression_attribute_names)
          << body;
      expect_same(*plain, input->table_name, input->key, body, true);
    }
  }

  static Table table(std::optional<KeyAttribute> sort) {
    Table table;
    table.id = 7;
    table.key.partition = {"id", ValueType::kS};
    table.key.sort = std::move(sort);
    return table;
  }

  size_t placed_ = 0;

 private:
  lanes::testing::LanesFixture node_;
  Service service_{node_.lanes(), node_.random(), node_.home(), [](const std::string&) {}};
  const std::vector<Table> tables_ = {table(std::nullopt), table(KeyAttribute{"at", ValueType::kN}),
                                      table(KeyAttribute{"raw", ValueType::kB})};
  std::string storage_;
};

TEST_F(PlainRequestTest, ReadsTheUsualForm) {
  ASSERT_TRUE(put(std::string(kPut)));
  ASSERT_TRUE(put(std::string(kConditional)));
  ASSERT_TRUE(get(std::string(kGet)));
  expect_agreement(std::string(kConditional));
  EXPECT_EQ(std::exchange(placed_, 0), 1u);
  expect_agreement(std::string(kPut));
  EXPECT_EQ(placed_, 3u);
  expect_agreement(std::string(kGet));
  EXPECT_EQ(placed_, 4u);
}

TEST_F(PlainRequestTest, LeavesEveryOtherFormToTheGeneratedCodec) {
  const std::string table = R"("TableName":"people",)";
  for (const std::string& members : {
           std::string(R"("Item":{"id":{"S":"a"}})"),
           table + R"("Item":{"id":{"S":"a"}},"ReturnValues":"ALL_OLD")",
           table + R"("Item":{"id":{"S":"a"}},"Item":{"id":{"S":"a"}})",
           table + R"("Item":{"id":{"S":"a"},"id":{"S":"b"}})",
           table + R"("Item":{"id":{"S":"a"},"b":{"S":"a"},"id":{"S":"b"}})",
           table + R"("Item":{"id":{"S":"a","N":"1"}})",
           table + R"("Item":{"id":{"S":"a","X":"1"}})",
           table + R"("Item":{"id":{}})",
           table + R"("Item":{"id":{"S":1}})",
           table + R"("Item":{"id":{"S":null}})",
           table + R"("Item":{"id":{"N":"x"}})",
           table + R"("Item":{"id":{"N":1}})",
           table + R"("Item":{"id":{"B":"A==="}})",
           table + R"("Item":{"id":{"NULL":false}})",
           table + R"("Item":{"id":{"SS":["a"]}})",
           table + R"("Item":{"":{"S":"a"}})",
           table + R"("Item":["id"])",
           table + R"("Item":null)",
           table + R"("Key":{"id":{"S":"a"}})",
       }) {
    EXPECT_FALSE(put("{" + members + "}")) << members;
  }
  EXPECT_FALSE(put(std::string(kPut) + "x"));
  EXPECT_FALSE(put(std::string(kPut) + "{}"));
  EXPECT_FALSE(put(""));
  EXPECT_FALSE(get(R"({"TableName":"people","Key":{"id":{"S":"a"}},"ConsistentRead":"true"})"));
  EXPECT_FALSE(get(R"({"TableName":"people","Key":{"id":{"S":"a"}},"ProjectionExpression":"a"})"));
}

TEST_F(PlainRequestTest, ReadsNothingTooDeepOrTooWide) {
  const auto nested = [](int levels) {
    std::string value = R"({"S":"x"})";
    for (int i = 1; i < levels; ++i) value = R"({"L":[)" + value + "]}";
    return R"({"TableName":"people","Item":{"id":)" + value + "}}";
  };
  EXPECT_TRUE(put(nested(Value::kNestingMax)));
  expect_agreement(nested(Value::kNestingMax));
  EXPECT_FALSE(put(nested(Value::kNestingMax + 1)));
  for (const int elements : {127, 128}) {
    std::string list = R"({"S":"x"})";
    for (int i = 1; i < elements; ++i) list += R"(,{"S":"x"})";
    const std::string body = R"({"TableName":"people","Item":{"id":{"L":[)" + list + "]}}}";
    EXPECT_EQ(put(body).has_value(), elements < 128);
    expect_agreement(body);
  }
}

TEST_F(PlainRequestTest, ReadsNothingThatTheGeneratedCodecReadsOtherwise) {
  constexpr uint64_t kSeed = 20'261'124;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  SeededRandom random(kSeed);
  constexpr std::string_view kPieces = "\"\\{}[]:,SNBLM019e.-\n \x01\xc3/";
  size_t read = 0;
  for (int round = 0; round < 30'000; ++round) {
    const std::string body = aws::testing::mutated_body(
        std::array{kPut, kGet, kConditional}[static_cast<size_t>(round % 3)], kPieces, random);
    read += put(body) || get(body);
    expect_agreement(body);
  }
  EXPECT_GT(read, 8'000u);
  EXPECT_GT(placed_, 8'000u);
}

TEST_F(PlainRequestTest, StoredBytesAreWrittenAsTheItemIs) {
  constexpr uint64_t kSeed = 20'261'125;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  SeededRandom random(kSeed);
  Item item = generated<api::PutItemInput>("PutItem", std::string(kPut))->item;
  item.emplace("sets", Value::list({Value::string_set({"b", "a\n\""}),
                                    Value::number_set({Number(2), Number(-1)}),
                                    Value::binary_set({{"\x01\x02"}})}));
  const std::string whole = encode_item(item);
  size_t same = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = whole;
    for (uint64_t changes = random.next_u64() % 3; changes > 0; --changes) {
      const size_t at = random.next_u64() % bytes.size();
      if (random.next_u64() % 2) {
        bytes[at] = static_cast<char>(random.next_u64() % 13);
      } else {
        bytes.erase(at, 1);
      }
    }
    const Result<Item> decoded = decode_item(bytes);
    std::string json;
    ASSERT_EQ(write_stored_json(bytes, &json).ok(), decoded.ok()) << round;
    ASSERT_EQ(stored_item_size(bytes).ok(), decoded.ok()) << round;
    // Names out of order or twice are read, but never written.
    if (!decoded || encode_item(*decoded) != bytes) continue;
    std::string expected;
    write_json(*decoded, &expected);
    ASSERT_EQ(json, expected) << round;
    ASSERT_EQ(*stored_item_size(bytes), item_size(*decoded)) << round;
    ++same;
  }
  EXPECT_GT(same, 8'000u);
}

}  // namespace
}  // namespace millstream::dynamodb
