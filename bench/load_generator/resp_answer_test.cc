#include "resp_answer.h"

#include <gtest/gtest.h>

#include <utility>

namespace millstream::bench {
namespace {

using State = RespAnswer::State;

TEST(RespAnswer, ReadsEachKindByteByByte) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"+OK\r\n", "OK"},  {":42\r\n", "42"}, {"$5\r\nhe\r\no\r\n", "he\r\no"},
      {"$0\r\n\r\n", ""}, {"$-1\r\n", ""},   {"-ERR no\r\n", "ERR no"}};
  for (const auto& [text, value] : cases) {
    RespAnswer answer;
    for (size_t i = 0; i + 1 < text.size(); ++i) {
      ASSERT_EQ(answer.feed(text.substr(i, 1)), State::kMore) << text << i;
    }
    ASSERT_EQ(answer.feed(text.substr(text.size() - 1)), State::kDone) << text;
    EXPECT_EQ(answer.value(), value);
    EXPECT_EQ(answer.is_error(), text[0] == '-');
  }
}

TEST(RespAnswer, CanBeUsedAgain) {
  RespAnswer answer;
  ASSERT_EQ(answer.feed("-ERR\r\n"), State::kDone);
  answer.clear();
  ASSERT_EQ(answer.feed("+OK\r\n"), State::kDone);
  EXPECT_FALSE(answer.is_error());
}

TEST(RespAnswer, RefusesWhatIsNoAnswer) {
  for (std::string_view text :
       {"HTTP", "$x\r\n", "$-2\r\n", "*1\r\n", "+OK\r\n+", "$1\r\nab\r\n+"}) {
    RespAnswer answer;
    EXPECT_EQ(answer.feed(text), State::kBroken) << text;
  }
}

}  // namespace
}  // namespace millstream::bench
