#include "services/logs/page_token.h"

#include <gtest/gtest.h>

namespace millstream::logs {
namespace {

TEST(PageToken, StreamTokenComesBack) {
  const std::string text = encode_stream_token({Direction::kBackward, {1'700'000'000'000, 42}});
  EXPECT_EQ(text.size(), 58u);
  const auto token = decode_stream_token(text);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->direction, Direction::kBackward);
  EXPECT_EQ(token->position, (EventPosition{1'700'000'000'000, 42}));
}

TEST(PageToken, GroupTokenComesBack) {
  const GroupPosition position{1'700'000'000'000, ~0ull, 9};
  EXPECT_EQ(decode_group_token(encode_group_token(position)), position);
}

TEST(PageToken, WhatIsNoTokenIsRefused) {
  for (const char* text : {"", "f/", "x/0", "f/abc", "zz",
                           "f/99999999999999999999999999999999999999"
                           "999999999999999999"}) {
    EXPECT_FALSE(decode_stream_token(text)) << text;
    EXPECT_FALSE(decode_group_token(text)) << text;
  }
}

TEST(PageToken, EventIdHas56Digits) {
  EXPECT_EQ(event_id({1'700'000'000'000, 7, 9}).size(), 56u);
  EXPECT_NE(event_id({1, 7, 9}), event_id({1, 9, 7}));
}

}  // namespace
}  // namespace millstream::logs
