#include "lanes/catalogue.h"

#include <gtest/gtest.h>

#include "lanes/testing/lanes_fixture.h"

namespace millstream::lanes {
namespace {

struct Number {
  uint64_t id = 0;
  std::string name;
};

// "a/one" holds a number's id in decimal digits.
Result<Number> parse(std::string_view key, std::string_view value) {
  Number number{0, std::string(key.substr(key.find('/') + 1))};
  for (const char digit : value) {
    if (digit < '0' || digit > '9') return Error{ErrorCode::kCorruption, "not a number"};
    number.id = number.id * 10 + static_cast<uint64_t>(digit - '0');
  }
  return number;
}

class CatalogueTest : public ::testing::Test {
 protected:
  using Numbers = Catalogue<Number>;

  CatalogueTest() { open(); }

  void open() {
    changes_.clear();
    ids_ = std::make_unique<IdIndex<Number>>();
    numbers_ =
        std::make_unique<Numbers>(node_.lanes(), "a/", parse, [this](auto& before, auto& now) {
          const Numbers::Entry there = numbers_->find("a/" + (now ? now : before)->name);
          changes_ += text(before) + ">" + text(now) + (there == before && now ? " " : "");
          if (!now) changes_ += there ? "(still there) " : " ";
          ids_->change(before, now);
        });
  }
  // After a crash.
  Result<> reload() {
    node_.restart();
    open();
    return numbers_->load();
  }
  void change(const std::string& key, std::optional<std::string> value) {
    auto body = [&](Transaction& transaction) -> Result<> {
      value ? transaction.put(key, *value) : transaction.erase(key);
      return {};
    };
    ASSERT_TRUE(node_.run(node_.lanes().run(node_.home(), 7, body)).ok());
  }
  static std::string text(const Numbers::Entry& number) {
    return number ? std::to_string(number->id) : "-";
  }
  static std::string text(const std::vector<Numbers::Entry>& numbers) {
    std::string all;
    for (const auto& number : numbers) all += number->name + " ";
    return all;
  }

  testing::LanesFixture node_;
  std::string changes_;  // "-> 1": one that is told of before it can be found, or after it can't
  std::unique_ptr<IdIndex<Number>> ids_;
  std::unique_ptr<Numbers> numbers_;
};

TEST_F(CatalogueTest, HoldsWhatIsStoredWhenTheChangeIsAnswered) {
  change("a/one", "1");
  EXPECT_EQ(text(numbers_->find("a/one")), "1");
  change("a/one", "11");
  EXPECT_EQ(text(numbers_->find("a/one")), "11");
  change("a/one", std::nullopt);
  EXPECT_EQ(numbers_->find("a/one"), nullptr);
}

TEST_F(CatalogueTest, HoldsNothingOfOtherPrefixes) {
  change("b/one", "1");
  EXPECT_EQ(numbers_->find("b/one"), nullptr);
  ASSERT_TRUE(reload().ok());
  EXPECT_TRUE(numbers_->list("", "z").empty());
}

TEST_F(CatalogueTest, IsReadAgainAfterACrash) {
  change("a/one", "1");
  change("a/two", "2");
  change("a/two", std::nullopt);
  ASSERT_TRUE(reload().ok());
  EXPECT_EQ(text(numbers_->list("a/")), "one ");
  EXPECT_EQ(text(ids_->find(1)), "1");
}

TEST_F(CatalogueTest, NamesTheKeyThatItCannotRead) {
  numbers_.reset();
  node_.restart();
  change("a/bad", "x");
  const Result<> loaded = reload();
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().message, "a/bad: not a number");
}

TEST_F(CatalogueTest, ListsInTheOrderOfKeys) {
  for (const char* key : {"a/x/c", "a/x/a", "a/x/b", "a/y/a"}) change(key, "1");
  EXPECT_EQ(text(numbers_->list("a/x/")), "x/a x/b x/c ");
  EXPECT_EQ(text(numbers_->list("a/x/b", "a/y/a")), "x/b x/c ");
  EXPECT_EQ(text(numbers_->list_behind("a/x/", "a")), "x/b x/c ");
  EXPECT_EQ(text(numbers_->list_behind("a/x/", "", 2)), "x/a x/b ");
  EXPECT_EQ(text(numbers_->list("a/x/", "a/z", 0)), "");
}

TEST_F(CatalogueTest, TellsOfADocumentBeforeItIsFoundAndOfItsRemovalAfter) {
  change("a/one", "1");
  change("a/one", "2");
  change("a/one", std::nullopt);
  EXPECT_EQ(changes_, "->1 1>2 2>- ");
}

TEST_F(CatalogueTest, AnIndexFollowsTheIds) {
  change("a/one", "1");
  EXPECT_EQ(text(ids_->find(1)), "1");
  change("a/one", "2");
  EXPECT_EQ(ids_->find(1), nullptr);
  EXPECT_EQ(text(ids_->find(2)), "2");
  change("a/one", std::nullopt);
  EXPECT_EQ(ids_->find(2), nullptr);
}

}  // namespace
}  // namespace millstream::lanes
