#include "sim/model/item_model.h"

#include <gtest/gtest.h>

namespace millstream::sim {
namespace {

using Kind = ItemCall::Kind;
using Condition = ItemCall::Condition;

const ItemAnswer kConditionFailed{true, std::nullopt};

ItemAnswer was(std::string text, int64_t count = 0) {
  return {false, ItemValue{std::move(text), count}};
}

TEST(ItemModel, TakesWhatOneOrderExplains) {
  ItemModel item;
  item.begin(1, {.kind = Kind::kPut, .text = "a"});
  item.begin(2, {.kind = Kind::kPut, .text = "b"});
  item.begin(3, {.kind = Kind::kGet});
  EXPECT_TRUE(item.answered(3, was("b")));
  EXPECT_TRUE(item.answered(1, was("b")));
  EXPECT_TRUE(item.answered(2, {}));
  item.begin(4, {.kind = Kind::kGet});
  EXPECT_TRUE(item.answered(4, was("a")));
}

TEST(ItemModel, RefusesALostWrite) {
  ItemModel item;
  item.begin(1, {.kind = Kind::kPut, .text = "a"});
  EXPECT_TRUE(item.answered(1, {}));
  item.begin(2, {.kind = Kind::kGet});
  EXPECT_FALSE(item.answered(2, {}));
}

TEST(ItemModel, RefusesTwoWinnersOfOneCondition) {
  ItemModel item;
  const ItemCall put{.kind = Kind::kPut, .text = "a", .condition = Condition::kAbsent};
  item.begin(1, put);
  item.begin(2, put);
  EXPECT_TRUE(item.answered(1, {}));
  EXPECT_FALSE(item.answered(2, {}));
}

TEST(ItemModel, RefusesAReadThatGoesBack) {
  ItemModel item;
  item.begin(1, {.kind = Kind::kUpdate, .text = "a"});
  item.begin(2, {.kind = Kind::kGet});
  EXPECT_TRUE(item.answered(2, was("a", 1)));
  item.begin(3, {.kind = Kind::kGet});
  EXPECT_FALSE(item.answered(3, {}));
}

TEST(ItemModel, AWriteWithoutAnAnswerMayHaveHappenedOnlyBeforeTheDeath) {
  for (const bool happened : {false, true}) {
    ItemModel item;
    item.begin(1, {.kind = Kind::kPut, .text = "a"});
    item.process_died();
    item.begin(2, {.kind = Kind::kGet});
    EXPECT_TRUE(item.answered(2, happened ? was("a") : ItemAnswer{}));
    item.begin(3, {.kind = Kind::kGet});
    EXPECT_FALSE(item.answered(3, happened ? ItemAnswer{} : was("a")));
  }
}

TEST(ItemModel, AnAbandonedWriteMayHappenUntilTheDeath) {
  ItemModel item;
  item.begin(1, {.kind = Kind::kPut, .text = "a"});
  item.abandoned(1);
  item.begin(2, {.kind = Kind::kGet});
  EXPECT_TRUE(item.answered(2, {}));
  item.begin(3, {.kind = Kind::kGet});
  EXPECT_TRUE(item.answered(3, was("a")));
  item.begin(4, {.kind = Kind::kGet});
  EXPECT_FALSE(item.answered(4, {}));
}

TEST(ItemModel, ARefusedWriteMustNotShow) {
  ItemModel item;
  item.begin(1, {.kind = Kind::kPut, .text = "a"});
  item.refused(1);
  item.begin(2, {.kind = Kind::kGet});
  EXPECT_FALSE(item.answered(2, was("a")));
}

TEST(ItemModel, AFailedConditionMustHaveAReason) {
  ItemModel item;
  item.begin(1, {.kind = Kind::kDelete, .condition = Condition::kPresent});
  EXPECT_TRUE(item.answered(1, kConditionFailed));
  item.begin(2, {.kind = Kind::kPut, .text = "a", .condition = Condition::kAbsent});
  EXPECT_FALSE(item.answered(2, kConditionFailed));
}

}  // namespace
}  // namespace millstream::sim
