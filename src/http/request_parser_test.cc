// The reader of usual headers against the general parser: what it reads, both read alike.
#include "http/request_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/random.h"
#include "http/plain_head.h"

namespace millstream::http {
namespace {

using State = RequestParser::State;

constexpr size_t kHeaderBytesMax = 4096;
constexpr size_t kBodyBytesMax = 1000;

const std::string kUsual =
    "POST / HTTP/1.1\r\nHost: 127.0.0.1:4566\r\nX-Amz-Target: Kinesis_20131202.PutRecord\r\n"
    "Content-Type: application/x-amz-json-1.1\r\nUser-Agent: Boto3/1.44.5 md/Botocore#1.44.5\r\n"
    "X-Amz-Date: 20261124T101530Z\r\nAuthorization: AWS4-HMAC-SHA256 Credential=a/b/c, S=d\r\n"
    "Content-Length: 12\r\n\r\n";

// What a session gets to know of a header.
struct Seen {
  State state;
  size_t consumed = 0;
  int status = 0;
  std::string method, target;
  std::vector<std::pair<std::string, std::string>> fields;
  uint64_t content_length = 0;
  bool chunked = false, keep_alive = false, expects_continue = false;
  bool operator==(const Seen&) const = default;
};

Seen seen_of(RequestParser& parser, State state, size_t consumed) {
  Seen seen{state, consumed};
  if (state == State::kRefused) seen.status = parser.status();
  if (state != State::kDone) return seen;
  const Request& request = parser.request();
  seen.method = request.method;
  seen.target = request.target;
  for (const auto& [name, value] : request.headers) seen.fields.emplace_back(name, value);
  seen.content_length = parser.content_length();
  seen.chunked = parser.chunked();
  seen.keep_alive = parser.keep_alive();
  seen.expects_continue = parser.expects_continue();
  return seen;
}

Seen read_whole(const std::string& input) {
  RequestParser parser(kHeaderBytesMax, kBodyBytesMax);
  size_t consumed = 0;
  const State state = parser.head(input, &consumed);
  return seen_of(parser, state, consumed);
}

// The general parser sees a header that doesn't come at once.
Seen read_in_two(const std::string& input) {
  RequestParser parser(kHeaderBytesMax, kBodyBytesMax);
  size_t first = 0;
  const State begun = parser.head(input.substr(0, 1), &first);
  if (begun != State::kNeedMore) return seen_of(parser, begun, first);
  size_t rest = 0;
  const State state = parser.head(std::string_view(input).substr(first), &rest);
  return seen_of(parser, state, first + rest);
}

bool is_plain(const std::string& input) {
  Request request;
  return read_plain_head(input, &request).has_value();
}

std::string with_field(std::string_view field) {
  std::string text = kUsual;
  return text.insert(text.size() - 2, std::string(field) + "\r\n");
}

TEST(RequestParser, ReadsTheUsualHeader) {
  ASSERT_TRUE(is_plain(kUsual));
  const Seen seen = read_whole(kUsual + "{\"body\": 12}");
  EXPECT_EQ(seen.state, State::kDone);
  EXPECT_EQ(seen.consumed, kUsual.size());
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/");
  EXPECT_EQ(seen.content_length, 12u);
  EXPECT_TRUE(seen.keep_alive);
  ASSERT_EQ(seen.fields.size(), 7u);
  EXPECT_EQ(seen.fields[4],
            std::make_pair(std::string("X-Amz-Date"), std::string("20261124T101530Z")));
  EXPECT_EQ(seen, read_in_two(kUsual));
}

TEST(RequestParser, BothReadTheseAlike) {
  for (const char* field : {"Connection: keep-alive",
                            "connection: Close",
                            "Connection: close, upgrade",
                            "X: ",
                            "X:",
                            "X: a  b  ",
                            "X:\ta",
                            "X: a\tb",
                            "Content-Length: 12",
                            "Content-Length: 13",
                            "Host: again",
                            "Expect: 100-continue",
                            "Expect: x",
                            "Transfer-Encoding: chunked",
                            "Transfer-Encoding: gzip",
                            "Upgrade: h2c",
                            "Proxy-Connection: close",
                            " folded",
                            "No-Colon",
                            "A B: c",
                            "X : y",
                            "\xc3\xa4: y",
                            "X: \xc3\xa4",
                            "X: \x01",
                            "X: \x7f"}) {
    EXPECT_EQ(read_whole(with_field(field)), read_in_two(with_field(field))) << field;
  }
  for (const char* start :
       {"GET /a?b=%20 HTTP/1.1", "GET / HTTP/1.0", "GET / HTTP/2.0", "get / HTTP/1.1",
        "GET  / HTTP/1.1", "GET /a b HTTP/1.1", "GET http://localhost/b HTTP/1.1", "GET * HTTP/1.1",
        "GET / HTTP/1.1 ", "GET /\xc3\xa4 HTTP/1.1", "/ HTTP/1.1", "GET HTTP/1.1", "G", ""}) {
    const std::string text = start + kUsual.substr(kUsual.find("\r\n"));
    EXPECT_EQ(read_whole(text), read_in_two(text)) << start;
  }
  for (const char* length :
       {"0", "00", "1000", "1001", "18446744073709551616", "-1", "+1", "1 2"}) {
    std::string text = kUsual;
    text.replace(text.find("12\r\n"), 2, length);
    EXPECT_EQ(read_whole(text), read_in_two(text)) << length;
  }
  EXPECT_EQ(read_whole("GET / HTTP/1.1\r\n\r\n"), read_in_two("GET / HTTP/1.1\r\n\r\n"));
  const std::string large = with_field("X: " + std::string(kHeaderBytesMax, 'x'));
  EXPECT_EQ(read_whole(large), read_in_two(large));
}

TEST(RequestParser, BothReadWhateverComesAlike) {
  constexpr uint64_t kSeed = 4;
  SeededRandom random(kSeed);
  constexpr std::string_view kBytes = "\r\n \t:aA0-_/,\x7f\x80";
  size_t plain = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = kUsual;
    for (uint64_t change = random.next_u64() % 3; change < 3; ++change) {
      const size_t at = random.next_u64() % text.size();
      const char byte = kBytes[random.next_u64() % kBytes.size()];
      switch (random.next_u64() % 3) {
        case 0:
          text[at] = byte;
          break;
        case 1:
          text.insert(at, 1, byte);
          break;
        default:
          text.erase(at, 1);
      }
    }
    plain += is_plain(text) ? 1 : 0;
    ASSERT_EQ(read_whole(text), read_in_two(text)) << "seed " << kSeed << ": " << text;
  }
  EXPECT_GT(plain, 1000u);
}

}  // namespace
}  // namespace millstream::http
