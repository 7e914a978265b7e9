#include "services/dynamodb/model/item_codec.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "services/dynamodb/model/item_size.h"

namespace millstream::dynamodb {
namespace {

Number number(std::string_view text) {
  return *Number::parse(text);
}

Value random_value(SeededRandom* random, int depth) {
  const auto text = [&] { return random->text(random->next_u64() % 6, "ab\x7f"); };
  switch (random->next_u64() % (depth > 4 ? 8 : 10)) {
    case 0:
      return Value::string(text());
    case 1:
      return Value::number(Number(static_cast<int64_t>(random->next_u64()) >> 5));
    case 2:
      return Value::binary(text());
    case 3:
      return Value::string_set({text(), "x"});
    case 4:
      return Value::number_set({Number(1), Number(-2), number("1.5")});
    case 5:
      return Value::binary_set({{text()}, {"y"}});
    case 6:
      return Value::null();
    case 7:
      return Value::boolean(random->next_u64() % 2);
    case 8: {
      List list;
      for (uint64_t i = random->next_u64() % 4; i > 0; --i) {
        list.push_back(random_value(random, depth + 1));
      }
      return Value::list(std::move(list));
    }
    default: {
      Item map;
      for (uint64_t i = random->next_u64() % 4; i > 0; --i) {
        map.insert_or_assign(text(), random_value(random, depth + 1));
      }
      return Value::map(std::move(map));
    }
  }
}

TEST(ItemCodec, GivesBackWhatWasWritten) {
  const uint64_t seed = 11;
  SCOPED_TRACE(seed);
  SeededRandom random(seed);
  for (int i = 0; i < 2000; ++i) {
    Item item;
    for (int j = 0; j < 4; ++j) item.insert_or_assign(std::to_string(j), random_value(&random, 0));
    Result<Item> back = decode_item(encode_item(item));
    ASSERT_TRUE(back.ok());
    ASSERT_EQ(*back, item);
  }
}

TEST(ItemCodec, RefusesDamagedBytesWithoutHarm) {
  const uint64_t seed = 12;
  SCOPED_TRACE(seed);
  SeededRandom random(seed);
  for (int i = 0; i < 5000; ++i) {
    Item item{{"a", random_value(&random, 0)}, {"b", random_value(&random, 0)}};
    std::string bytes = encode_item(item);
    const size_t at = random.next_u64() % bytes.size();
    if (random.next_u64() % 2) {
      bytes[at] = static_cast<char>(random.next_u64());
    } else {
      bytes.resize(at);
    }
    (void)decode_item(bytes);
  }
  EXPECT_EQ(decode_item("").error().code, ErrorCode::kCorruption);
  EXPECT_EQ(decode_item(std::string("\x02\x00", 2)).error().code, ErrorCode::kCorruption);
}

TEST(ItemCodec, RefusesDeepNesting) {
  std::string bytes("\x01\x01\x01x", 4);
  for (int i = 0; i < 1000; ++i) bytes += std::string("\x08\x01", 2);
  bytes += "\x09";
  EXPECT_EQ(decode_item(bytes).error().code, ErrorCode::kCorruption);
}

TEST(ItemCodec, BytesAreStable) {
  const Item item{{"n", Value::number(number("-12.5"))}, {"s", Value::string("hi")}};
  EXPECT_EQ(encode_item(item),
            std::string("\x01\x02\x01n\x02\x01\x7c\xf2\xcc\xff\x01s\x01\x02hi", 16));
}

TEST(ItemSize, CountsNamesValuesAndOverheads) {
  EXPECT_EQ(item_size({{"pk", Value::string("k1")}}), 4u);
  EXPECT_EQ(item_size({{"é", Value::string("é")}}), 4u);
  EXPECT_EQ(value_size(Value::null()), 1u);
  EXPECT_EQ(value_size(Value::list({})), 3u);
  EXPECT_EQ(value_size(Value::list({Value::boolean(true)})), 5u);
  EXPECT_EQ(value_size(Value::map({{"ab", Value::string("c")}})), 7u);
  EXPECT_EQ(value_size(Value::string_set({"a", "bc"})), 3u);
}

TEST(Value, SetsAreEqualWhateverTheirOrder) {
  EXPECT_EQ(Value::string_set({"b", "a"}), Value::string_set({"a", "b"}));
  EXPECT_NE(Value::string_set({"b", "a"}), Value::list({Value::string("a"), Value::string("b")}));
  EXPECT_EQ(Value::number(number("1.0")), Value::number(number("1")));
}

TEST(Value, StringsAreOrderedByTheirBytes) {
  EXPECT_TRUE(*compare_scalars(Value::string("z"), Value::string("¿")) < 0);
  EXPECT_FALSE(compare_scalars(Value::string("1"), Value::number(Number(1))).has_value());
}

}  // namespace
}  // namespace millstream::dynamodb
