#include "http1_answer.h"

#include <gtest/gtest.h>

namespace millstream::bench {
namespace {

using State = Http1Answer::State;

constexpr std::string_view kWhole =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nCONTENT-LENGTH:  5\r\n\r\nhello";
constexpr std::string_view kChunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n";

TEST(Http1Answer, ReadsALengthAnyCase) {
  Http1Answer answer;
  ASSERT_EQ(answer.feed(kWhole), State::kDone);
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.body(), "hello");
  EXPECT_FALSE(answer.closes());
}

TEST(Http1Answer, ReadsByteByByte) {
  for (std::string_view text : {kWhole, kChunked}) {
    Http1Answer answer;
    for (size_t i = 0; i + 1 < text.size(); ++i) {
      ASSERT_EQ(answer.feed(text.substr(i, 1)), State::kMore) << i;
    }
    ASSERT_EQ(answer.feed(text.substr(text.size() - 1)), State::kDone);
    EXPECT_EQ(answer.body(), "hello");
  }
}

TEST(Http1Answer, CanBeUsedAgain) {
  Http1Answer answer;
  ASSERT_EQ(answer.feed(kChunked), State::kDone);
  answer.clear();
  ASSERT_EQ(answer.feed("HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
            State::kDone);
  EXPECT_EQ(answer.status(), 503);
  EXPECT_EQ(answer.body(), "");
  EXPECT_TRUE(answer.closes());
}

TEST(Http1Answer, RefusesWhatIsNoAnswer) {
  for (std::string_view text :
       {"SSH-2.0\r\n\r\n", "HTTP/1.1 abc\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    Http1Answer answer;
    EXPECT_EQ(answer.feed(text), State::kBroken) << text;
  }
}

TEST(Http1Answer, RefusesBytesBehindTheAnswer) {
  Http1Answer answer;
  ASSERT_EQ(answer.feed(kWhole), State::kDone);
  EXPECT_EQ(answer.feed("H"), State::kBroken);
}

}  // namespace
}  // namespace millstream::bench
