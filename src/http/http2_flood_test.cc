#include "http/http2_flood.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/http2_test_client.h"
#include "http/server.h"
#include "http/test_client.h"

namespace millstream::http {
namespace {

using testing::Http2Client;
using testing::RawClient;

// RFC 9113, section 6.
enum FrameType : char {
  kData = 0,
  kHeaders = 1,
  kPriority = 2,
  kReset = 3,
  kSettings = 4,
  kPing = 6,
  kWindowUpdate = 8,
  kContinuation = 9
};
constexpr char kEndHeaders = 4;
constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
// GET, http, / as HPACK's static table has them, and the authority "x".
constexpr std::string_view kRequestFields = "\x82\x86\x84\x01\x01x";

std::string frame(FrameType type, char flags, char stream, std::string_view payload) {
  std::string text = {0, 0, static_cast<char>(payload.size()), type, flags, 0, 0, 0, stream};
  return text.append(payload);
}

io::Task<Response> plain() {
  Response response;
  response.body = "plain";
  co_return response;
}

class Http2Floods : public ::testing::Test {
 protected:
  void SetUp() override {
    reactors_.start();
    server_ = std::make_unique<Server>(reactors_, clock_, ServerLimits(), [](std::string_view) {});
    auto handler = [](io::Executor&, const Request&) { return plain(); };
    auto listener = server_->listen({"127.0.0.1", 0}, {handler, ""});
    ASSERT_TRUE(listener.ok());
    address_ = *server_->address(*listener);
  }
  void TearDown() override {
    server_->stop(1000);
    server_.reset();
    reactors_.stop();
  }

  // Whether the server ends a connection on which these frames come again and again behind `begin`.
  bool cuts_off(const std::string& begin, const std::string& again) {
    RawClient client(address_);
    std::string text(kPreface);
    text += frame(kSettings, 0, 0, "") + begin;
    bool open = client.send(text);
    std::string batch;
    for (int i = 0; i < 500; ++i) batch += again;
    for (int i = 0; i < 2000 && open; ++i) open = client.send(batch);
    return !open;
  }

  SystemClock clock_;
  io::Reactors reactors_{2};
  std::unique_ptr<Server> server_;
  Address address_;
};

TEST_F(Http2Floods, EndTheirConnectionAndHarmNoOther) {
  const std::string open_stream = frame(kHeaders, kEndHeaders, 1, kRequestFields);
  const std::string ping = frame(kPing, 0, 0, "12345678");
  const std::string priority = frame(kPriority, 0, 1, std::string("\0\0\0\0\1", 5));
  const std::string window = frame(kWindowUpdate, 0, 0, std::string("\0\0\0\1", 4));
  EXPECT_TRUE(cuts_off("", ping));
  EXPECT_TRUE(cuts_off("", frame(kSettings, 0, 0, "")));
  EXPECT_TRUE(cuts_off(open_stream, priority));
  EXPECT_TRUE(cuts_off("", window));
  EXPECT_TRUE(cuts_off(open_stream, frame(kData, 0, 1, "")));
  EXPECT_TRUE(cuts_off(open_stream, frame(kData, 0, 1, "x")));
  EXPECT_TRUE(cuts_off(frame(kHeaders, 0, 1, kRequestFields), frame(kContinuation, 0, 1, "")));
  Http2Client client(address_);
  EXPECT_EQ(client.wait(client.submit("GET", "/")).body, "plain");
}

TEST_F(Http2Floods, APeerThatWorksIsNotOne) {
  Http2Client client(address_);
  for (int i = 0; i < 15'000; ++i) {
    ASSERT_EQ(client.wait(client.submit("GET", "/")).body, "plain") << i;
  }
}

TEST(Http2FloodTest, RequestsContentAndTimeEarnFrames) {
  ManualClock clock;
  Http2Flood flood(clock);
  for (uint64_t i = 0; i < Http2Flood::kFrames; ++i) ASSERT_TRUE(flood.take_frame());
  EXPECT_FALSE(flood.take_frame());
  flood.request_begun();
  EXPECT_TRUE(flood.take_frame());
  for (uint64_t i = 3; i <= Http2Flood::kFramesPerRequest; ++i) ASSERT_TRUE(flood.take_frame());
  EXPECT_FALSE(flood.take_frame());
  flood.moved(2 * Http2Flood::kBytesPerFrame);
  EXPECT_TRUE(flood.take_frame());
  EXPECT_FALSE(flood.take_frame());
  clock.advance_ms(1000);
  EXPECT_TRUE(flood.take_frame());
}

}  // namespace
}  // namespace millstream::http
